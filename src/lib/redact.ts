/** Stands where something secret was. */
export const REDACTED = '***';

// Tokens that their makers gave a form by which they are known: the documentation of each, and the rules of gitleaks.
const FORMS: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{20,}/u,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/u,
  /\bglpat-[A-Za-z0-9_-]{20,}/u,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/u,
  /\bsk-(?:ant-|proj-|or-|svcacct-)?[A-Za-z0-9_-]{20,}/u,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/u,
  /\bAIza[A-Za-z0-9_-]{35}/u,
  /\bya29\.[A-Za-z0-9_-]{20,}/u,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/u,
  /\bnpm_[A-Za-z0-9]{36}\b/u,
  /\bpypi-[A-Za-z0-9_-]{16,}/u,
  /\bhf_[A-Za-z0-9]{30,}/u,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/u,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/u,
];
const FORM = new RegExp(FORMS.map((form) => form.source).join('|'), 'gu');

/** What stands before a secret and stays: the name of a variable, a header, the user of an address. */
const LED: readonly RegExp[] = [
  /\b(?<lead>[A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY)[A-Z0-9_]*=["']?)[^\s"'$<>(){}*]{8,}/gu,
  /\b(?<lead>Bearer )[A-Za-z0-9._~+/-]{16,}=*/giu,
  /(?<lead>:\/\/[^\s:@/]{1,64}:)[^\s@/$]{3,}(?=@)/gu,
];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** A line of a secret of several lines that is shorter says nothing by itself, and would be found everywhere. */
const SHORTEST_LINE = 8;

export type Redact = (text: string) => string;

/** Takes out of a text these very secrets, each line of those that have several, and whatever has the form of a well-known kind of token, key or password. */
export const makeRedact = (secrets: readonly string[]): Redact => {
  const lines = secrets.flatMap((one) => one.split(/\r?\n/u)).filter((line) => line.trim().length >= SHORTEST_LINE);
  const known = [...new Set([...secrets, ...lines])]
    .filter((one) => one !== '')
    .toSorted((a, b) => b.length - a.length);
  const knownOnes = known.length === 0 ? undefined : new RegExp(known.map(escaped).join('|'), 'gu');
  return (text) => {
    const own = knownOnes ? text.replace(knownOnes, REDACTED) : text;
    return LED.reduce((now, form) => now.replace(form, `$<lead>${REDACTED}`), own.replace(FORM, REDACTED));
  };
};
