import { oneLine } from '../lib/text.ts';

/** `rehearse: <name> <argument>` in a brief tells the rehearsal agent how to behave. */
const DIRECTIVES = [
  'ask',
  'hang',
  'crash',
  'lie',
  'dirty',
  'fail-check',
  'flood',
  'slow',
  'escape',
  'write',
  'copy',
  'outside',
  'env',
  'conflict',
  'spend',
  'allocate',
  'burn',
  'markers',
  'stubborn',
] as const;
/** The name of a directive. */
export type DirectiveName = (typeof DIRECTIVES)[number];
/** One directive of a brief, with what stands behind its name. */
export type Directive = { readonly name: DirectiveName; readonly argument: string };

/** What the rehearsal agent makes of a brief. */
export type Brief = {
  readonly title: string;
  /** 1 to 10. */
  readonly complexity: number;
  readonly check: string | null;
  readonly attempt: number;
  /** How often the task was begun, this time counted in: attempts, and programs that were started again. */
  readonly start: number;
  readonly directives: readonly Directive[];
  /** The branch that is to be merged into its own, where its work was sent back. */
  readonly merge: string | null;
};

const DIRECTIVE = /rehearse:\s*(?<what>[^\n]+)/giu;
const WORDS: Readonly<Record<string, number>> = { low: 2, medium: 5, high: 8 };

const withoutQuotes = (text: string): string => (/^(?<quote>["'`]).*\k<quote>$/u.test(text) ? text.slice(1, -1) : text);

const directiveOf = (text: string): readonly Directive[] => {
  const { name = '', argument = '' } = /^(?<name>[a-z-]+)(?:\s+(?<argument>.*))?$/iu.exec(text.trim())?.groups ?? {};
  const known = DIRECTIVES.find((directive) => directive === name.toLowerCase());
  return known ? [{ name: known, argument: withoutQuotes(argument.trim()) }] : [];
};

/** Several directives stand in one line, divided by semicolons outside of quotes. */
const directivesOf = (text: string): readonly Directive[] =>
  [...text.matchAll(DIRECTIVE)].flatMap((match) =>
    (match.groups!['what']!.replace(/[`*_]+$/u, '').match(/(?:"[^"]*"|[^;"]|")+/gu) ?? []).flatMap(directiveOf),
  );

/** The facts for programs that a brief of Drover's ends with. */
const factsOf = (text: string): Readonly<Record<string, unknown>> => {
  const json = /<!-- drover (?<json>\{[^\n]*\}) -->\s*$/u.exec(text)?.groups?.['json'];
  try {
    return json === undefined ? {} : (JSON.parse(json) as Record<string, unknown>);
  } catch {
    return {};
  }
};

const complexityOf = (text: string): number => {
  const fact = factsOf(text)['complexity_score'];
  const found = /^\W*complexity\W+(?<value>\d+(?:\.\d+)?|low|medium|high)\b/imu.exec(text)?.groups?.['value'] ?? '5';
  const value = typeof fact === 'number' ? fact : (WORDS[found.toLowerCase()] ?? Number(found));
  return Math.min(10, Math.max(1, value));
};

/**
 * The check command is the code in `Run the check …` below the last heading `Rules`: that section is Drover's own, and
 * the words of a plan, which stand above it, must not be able to choose what is executed here.
 */
const checkOf = (text: string): string | null => {
  const heading = [...text.matchAll(/^## Rules$/gmu)].at(-1);
  const rules = heading ? text.slice(heading.index) : '';
  const found = /\brun the check (?<fence>`+)(?<code>[^\n]+?)\k<fence>(?!`)/iu.exec(rules);
  return found?.groups?.['code']?.trim() ?? null;
};

/** The part of a brief that is about its own task: results of earlier tasks may quote directives meant for those. */
const ownWords = (text: string): string =>
  text.split(/^## (?:What it builds on|What was done before you|Sent back)$/mu)[0]!;

/** Reads a brief, which may be any text: what is not found in it has a default. */
export const parseBrief = (text: string): Brief => {
  const { start, merge } = factsOf(text);
  const heading = /^#+\s+(?<title>.+)$/mu.exec(text)?.groups?.['title'] ?? '';
  return {
    title: oneLine(heading)
      .replace(/^task\s+\S+?[:.]?\s+/iu, '')
      .replace(/^[—–:-]\s*/u, ''),
    complexity: complexityOf(text),
    check: checkOf(text),
    attempt: Number(/^\W*attempt\W+(?<value>\d{1,6})\b/imu.exec(text)?.groups?.['value'] ?? 1),
    start: typeof start === 'number' ? start : 1,
    directives: directivesOf(ownWords(text)),
    merge: typeof merge === 'string' ? merge : null,
  };
};
