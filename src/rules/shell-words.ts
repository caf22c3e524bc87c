import type { DoubleQuotedChild, ParsedScript, Word, WordPart } from 'unbash';

/** A word of a command as it stands in the line, with what a shell certainly makes of it. */
export type ShellWord = {
  readonly text: string;
  /** Null where only the shell knows: with variables, the output of commands, or names of files. */
  readonly value: string | null;
  /** What the value certainly begins with. */
  readonly lead: string;
  /** Whether a shell may make several words of it, each with a beginning of its own. */
  readonly splits: boolean;
};

/** Whether a word may turn out to be an option that nobody knows. */
export const isUnclear = ({ value, lead, splits }: ShellWord): boolean =>
  value === null && (splits || lead === '' || lead.startsWith('-'));

/** What bash and zsh read as it stands; everything else that is not quoted may mean something to one of them. */
const PLAIN = /^(?:[\w@%+:,./=~^#-]|\\[\u0021-\u007E]|[^\0-\u007F])*$/u;
/** At the beginning of a word these mean something to one of them, as a tilde does within it. */
const BEGINNING = /^(?:[=^#]|~(?!$|\/))|[=:]~/u;
/** Variables in their plain form: every other one may compute, and what is computed may run commands. */
const VARIABLE = /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\}|[0-9?#$@*])$/u;
/** What an interactive shell replaces by an earlier command. */
const HISTORY = /!(?![\s"=(]|$)/u;

/** The scripts of the substitutions in a word, and what is known of it; undefined for what is not certainly understood. */
type Reading = { readonly known: string | null; readonly scripts: readonly ParsedScript[] };

const UNKNOWN: Reading = { known: null, scripts: [] };
const known = (text: string): Reading => ({ known: text, scripts: [] });

const readExpansion = (part: DoubleQuotedChild | WordPart): Reading | undefined => {
  if (part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion')
    return VARIABLE.test(part.text) ? UNKNOWN : undefined;
  // Backquotes read backslashes in a way of their own.
  if (part.type === 'CommandExpansion' && part.script && part.text.startsWith('$('))
    return { known: null, scripts: [part.script] };
  return undefined;
};

/** Text after a variable that zsh would take for a part of it. */
const isSubscript = (before: { readonly type: string } | undefined, text: string): boolean =>
  before !== undefined && before.type !== 'Literal' && text.startsWith('[');

const readInQuotes = (parts: readonly DoubleQuotedChild[]): Reading | undefined =>
  joined(
    parts.map((part, at) => {
      if (part.type !== 'Literal') return readExpansion(part);
      return HISTORY.test(part.text) || isSubscript(parts[at - 1], part.text) ? undefined : known(part.value);
    }),
  );

const readPart = (part: WordPart, before: WordPart | undefined): Reading | undefined => {
  if (part.type === 'Literal')
    return PLAIN.test(part.text) && !isSubscript(before, part.text) ? known(part.value) : undefined;
  if (part.type === 'SingleQuoted') return known(part.value);
  if (part.type === 'DoubleQuoted') return readInQuotes(part.parts);
  if (part.type === 'Glob') return part.kind === 'bracket' && /[^\w[\].-]/u.test(part.text) ? undefined : UNKNOWN;
  return readExpansion(part);
};

const joined = (readings: readonly (Reading | undefined)[]): Reading | undefined => {
  const all = readings.filter((one) => one !== undefined);
  if (all.length < readings.length) return undefined;
  const isKnown = all.every((one) => one.known !== null);
  return {
    known: isKnown ? all.map((one) => one.known).join('') : null,
    scripts: all.flatMap(({ scripts }) => scripts),
  };
};

const leadOf = (readings: readonly (Reading | undefined)[]): string => {
  const end = readings.findIndex((one) => !one || one.known === null);
  return readings
    .slice(0, end < 0 ? undefined : end)
    .map((one) => one!.known)
    .join('');
};

/** Whether a part stands for any number of words: a variable without quotes, or all arguments within them. */
const isSplit = (part: WordPart): boolean =>
  part.type === 'DoubleQuoted' ? part.parts.some(({ text }) => text === '$@') : /Expansion$/u.test(part.type);

/** A word that stands for itself. */
const plainWord = (text: string, value: string): ShellWord => ({ text, value, lead: value, splits: false });

/** A word with the scripts of its substitutions; undefined where it is not certain what a shell makes of it. */
export const readWord = (word: Word): { word: ShellWord; scripts: readonly ParsedScript[] } | undefined => {
  if (BEGINNING.test(word.text)) return undefined;
  // What stands around a test.
  if (/^[[\]]$/u.test(word.text)) return { word: plainWord(word.text, word.text), scripts: [] };
  // It becomes the path of a folder.
  if (word.text.startsWith('~'))
    return PLAIN.test(word.text)
      ? { word: { text: word.text, value: null, lead: '/', splits: false }, scripts: [] }
      : undefined;
  if (!word.parts) return PLAIN.test(word.text) ? { word: plainWord(word.text, word.value), scripts: [] } : undefined;
  const readings = word.parts.map((part, at) => readPart(part, word.parts![at - 1]));
  const whole = joined(readings);
  if (!whole) return undefined;
  const splits = word.parts.some(isSplit);
  return { word: { text: word.text, value: whole.known, lead: leadOf(readings), splits }, scripts: whole.scripts };
};

/** The scripts within the body of a here-document; undefined where it is not certain what a shell makes of it. */
export const readBody = (parts: readonly WordPart[]): readonly ParsedScript[] | undefined =>
  joined(parts.map((part) => (part.type === 'Literal' ? known(part.value) : readExpansion(part))))?.scripts;
