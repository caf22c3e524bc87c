import { mostOf } from '../lib/names.ts';
import { visible } from '../lib/text.ts';
import type { Values, Withheld } from '../state/setting-layers.ts';
import { isSame, type PowerChange, powerChanges } from '../state/trust.ts';

/** A value with all that is in it: nothing is cut, nothing is hidden, and it fits into a line. */
export const fullText = (value: unknown): string =>
  typeof value === 'string' ? `"${visible(value).replaceAll('"', '\\"')}"` : jsonOf(value);

const jsonOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(fullText).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, inner]) => `${fullText(name)}: ${fullText(inner)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
};

/** A text of several lines, each in a line of its own: what is run is read as it is run. */
const blockOf = (text: string): readonly string[] => text.split('\n').map((line) => `      | ${visible(line)}`);

/** A text that will be run, behind what it is for: all of it, as it is. */
export const commandLines = (head: string, value: unknown): readonly string[] =>
  typeof value === 'string' && value.includes('\n') ? [`${head}:`, ...blockOf(value)] : [`${head}: ${fullText(value)}`];

const sayValue = (sign: '+' | '-', { path, power }: PowerChange, value: unknown): readonly string[] => {
  if (value === undefined) return [];
  const head = `  ${sign} ${path.map(visible).join('.')} (${power === 'allow' ? 'allows' : 'runs'})`;
  return commandLines(head, value);
};

/** What would change, a line for each setting that goes and each that comes. */
export const powerLines = (before: Values, after: Values): readonly string[] =>
  powerChanges(before, after).flatMap((change) => [
    ...sayValue('-', change, change.before),
    ...sayValue('+', change, change.after),
  ]);

/** The command that trusts exactly this. */
export const trustCommand = ({ hash }: Pick<Withheld, 'hash'>): string => `drover trust --trust ${hash}`;

const keyOf = ({ path }: PowerChange): string => path.map(visible).join('.');

/** The names of the settings that are off. */
export const withheldKeys = ({ asked, trusted }: Withheld): readonly string[] =>
  powerChanges(trusted, asked).map(keyOf);

/** The same, with the file beside the one of settings where it comes from that. */
const placedKey = (change: PowerChange): string =>
  keyOf(change) === 'worktrees.included' ? 'worktrees.included (in .worktreeinclude)' : keyOf(change);

const NAMED = 4;

/** What is off and how to trust it, in a sentence. */
export const withheldSentence = (file: string, withheld: Withheld): string => {
  const { asked, trusted, narrows = {} } = withheld;
  // What only shuts agents in more holds without anybody's trust, and is nothing that was trusted before.
  const isFirst = isSame(trusted, narrows);
  const { off = [], before = [] } = Object.groupBy(powerChanges(trusted, asked), (change) =>
    isFirst || change.before === undefined ? 'off' : 'before',
  );
  const [offKeys, beforeKeys] = [off, before].map((changes) => mostOf(changes.map(placedKey), NAMED));
  const what = 'can run or allow something, in';
  if (before.length === 0) return `Off until you trust it: ${offKeys}, which ${what} ${visible(file)}.`;
  if (off.length === 0)
    return `As you trusted it before, until you trust it anew: ${beforeKeys}, which ${what} ${visible(file)}.`;
  return `Off until you trust it: ${offKeys}; until then as you trusted it before: ${beforeKeys}. All of it ${what} ${visible(file)}.`;
};

/** What of that nobody has trusted, because nobody has to; no line where there is nothing. */
export const narrowsSentence = (narrows: Values): readonly string[] => {
  const keys = powerChanges({}, narrows).map(keyOf);
  return keys.length === 0 ? [] : [`Without your trust, because it only shuts agents in more: ${keys.join(', ')}.`];
};

/** The question before a repository's file is trusted, with all that it can run or allow. */
export const trustQuestion = (file: string, { asked, trusted }: Withheld): string =>
  [
    `${visible(file)} wants to run or allow this:`,
    ...powerLines(trusted, asked),
    'Trust it? It holds at once, for this repository, until it changes.',
  ].join('\n');
