import { oneLine } from '../../lib/text.ts';
import { labelled, worded } from '../spec/spec-refs.ts';
import type { WrittenTask } from './plan-format.ts';

const IN_PARENTHESES = /[(（](?<said>(?:depends[ \t]+on|blocked[ \t]+by|needs|requires|after)[ \t][^()（）]+)[)）]/giu;

/** A text as one line in which nothing reads as a dependency: what a task waits for is written where it belongs. */
export const plainLine = (text: string): string => oneLine(text).replace(IN_PARENTHESES, '[$<said>]');

const saysOrder = (text: string): boolean => {
  const { ids, maybe, unknown } = worded(text);
  return labelled(text) !== undefined || ids.length + maybe.length + unknown.length > 0;
};

/** A title that begins with nothing that a list or a heading has a meaning for. */
export const plainTitle = (text: string): string => {
  const line = plainLine(text).replace(/^\(P\)[ \t]*|[ \t]*\(P\)$/gu, '');
  return saysOrder(line) ? `“${line}”` : line;
};

/** Texts as bullets of a task: a line each, in quotes where it would be read as something else. */
const plainBullets = (texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => text.split('\n'))
    .map(plainLine)
    .filter((line) => line !== '')
    .map((line) => (/^(?:[-*+>#|`~_[<✅☑✔⬜☐🔲🔄🚧⏳❌]|\d+[.)])/u.test(line) || saysOrder(line) ? `“${line}”` : line));

/** All that a task says beside its title. */
export const textsOf = (task: WrittenTask): string[] =>
  plainBullets([task.description, ...task.details, ...task.acceptance_criteria.map((one) => `Done when: ${one}`)]);

export const boxOf = ({ state }: Pick<WrittenTask, 'state'>): string => (state === 'done' ? '[x]' : '[ ]');

/** The mark of a group: ticked with the last of its tasks. */
export const groupBox = (tasks: readonly WrittenTask[]): string =>
  tasks.every(({ state }) => state === 'done') ? '[x]' : '[ ]';
