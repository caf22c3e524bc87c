import type { SpecLine } from './spec-lines.ts';

export type SpecTaskState = 'open' | 'queued' | 'in-progress' | 'done';

/** A line that begins a task, a step of one, or a criterion. */
export type TaskLine = {
  /** Null when there is a box but no number. */
  readonly number: string | null;
  readonly title: string;
  /** A word such as `CORE-2` in front: whether it is the task's id can be told only from the whole plan. */
  readonly token: Token | null;
  /** Undefined when the mark in the box means nothing to us. */
  readonly state: SpecTaskState | undefined;
  readonly mark: string;
  /** Index in the whole text of the one character between the brackets; null when there is no such character. */
  readonly box: number | null;
  readonly optional: boolean;
  /** cc-sdd's `(P)`: may run beside its neighbours. */
  readonly parallel: boolean;
  readonly heading: boolean;
  /** Its number is that of an ordered list: `1. [ ] Build the parser`. */
  readonly ordinal: boolean;
};

export type Token = {
  readonly id: string;
  /** What stands behind it. */
  readonly title: string;
  /** `CORE` of `CORE-2`. */
  readonly word: string;
  /** A colon follows, as behind an id. */
  readonly marked: boolean;
};

/** No plan has longer lines; those that do cost more to search than they are worth. */
export const LONGEST_LINE = 10_000;

const BOX =
  /^[ \t]*(?:[-*+]|(?<ordinal>\d{1,9})[.)])[ \t]+\[(?<mark>[^\][()]{0,2})\](?![([:])(?<star>\\?\*(?!\*))?[ \t]*(?<rest>.*)$/du;
const EMOJI = /^[ \t]*[-*+][ \t]+(?<mark>✅|☑|✔|⬜|☐|🔲|🔄|🚧|⏳|❌)\uFE0F?[ \t]*(?<rest>.*)$/u;
// A letter may follow: `2.a`, `7.3.5a`. Full-width stops and colons separate as the narrow ones do.
const NUMBERED =
  /^(?<bold>\*\*|__)?(?:Task[ \t]+)?(?<star>\\?\*(?!\*)[ \t]*)?(?<number>\d{1,9}(?:\.\d{1,9}){0,9}(?:\.[a-z](?![\p{L}\d])|(?<=\.\d{1,9})[a-z](?![\p{L}\d]))?)(?<star2>\\?\*(?!\*))?(?:(?<stop>[.):．。、：）])(?!\d)|(?=\s|$|\*\*|__))(?:\*\*|__)?[:.：]?[ \t]*(?<title>.*)$/iu;
const TOKEN =
  /^(?<bold>\*\*|__)?(?<id>(?<word>[A-Z][A-Z0-9]{0,19}(?:[-_][A-Z][A-Z0-9]{0,19}){0,3})[-_]\d{1,9}(?:\.\d{1,9}){0,9}[a-z]?|(?<plain>T)\d{3,4})(?:(?<stop>[:：.)])(?=\s|\*\*|__|$)|(?=[ \t]))(?:\*\*|__)?[:：]?[ \t]*(?<title>.*)$/u;
const HEADING =
  /^ {0,3}#{1,6}[ \t]+(?:\[(?<mark>[^\][()]{0,2})\][ \t]*)?(?:[^\w\s#[]+[ \t]*)?Task[ \t]+(?<number>\d{1,9}(?:\.\d{1,9}){0,9})[.:)]?(?:[ \t]*[-–—:])?(?:[ \t]+(?<title>.*))?$/diu;
const DONE_AFTER = /[ \t]*(?:✅|☑|✔)\uFE0F?[ \t]*$/u;

const STATES: Readonly<Record<string, SpecTaskState>> = {
  '': 'open',
  x: 'done',
  X: 'done',
  '✅': 'done',
  '☑': 'done',
  '✔': 'done',
  '✓': 'done',
  '-': 'in-progress',
  '🔄': 'in-progress',
  '🚧': 'in-progress',
  '~': 'queued',
  '⏳': 'queued',
  '⬜': 'open',
  '☐': 'open',
  '🔲': 'open',
  '❌': 'open',
};

const stateOf = (mark: string): SpecTaskState | undefined => {
  const plain = mark.replace('\uFE0F', '').trim();
  return Object.hasOwn(STATES, plain) ? STATES[plain] : undefined;
};

/** Position of the mark, if it is the one character that can be exchanged. */
const boxAt = (match: RegExpExecArray, line: SpecLine): number | null => {
  const [from, to] = match.indices?.groups?.['mark'] ?? [0, 0];
  return to - from === 1 ? line.start + from : null;
};

const titled = (text: string, bold: boolean): { title: string; parallel: boolean } => {
  const plain = (bold ? text.replace(/\*\*|__/u, '') : text).trim();
  const title = plain.replace(/^\(P\)(?:[ \t]+|$)|[ \t]+\(P\)$/u, '');
  return { title, parallel: title !== plain };
};

const headingTask = (line: SpecLine): TaskLine | undefined => {
  const match = HEADING.exec(line.text);
  if (!match) return undefined;
  const { number = '', mark, title = '' } = match.groups ?? {};
  const text = title.replace(/[ \t]+#+[ \t]*$/u, '');
  const ticked = DONE_AFTER.test(text);
  return {
    number,
    ...titled(text.replace(DONE_AFTER, ''), false),
    token: null,
    state: mark === undefined ? (ticked ? 'done' : 'open') : stateOf(mark),
    mark: mark ?? '',
    box: mark === undefined ? null : boxAt(match, line),
    optional: false,
    heading: true,
    ordinal: false,
  };
};

/** `2024 roadmap` begins with a year and not with the number of a task. */
const isYear = (number: string, stop: string | undefined): boolean => /^\d{4,}$/u.test(number) && stop === undefined;

const numberIn = (text: string): Record<string, string | undefined> | undefined => {
  const found = NUMBERED.exec(text)?.groups;
  return found && isYear(found['number']!, found['stop']) ? undefined : found;
};

const tokenIn = (text: string): Token | null => {
  const { id, word, plain, stop, bold, title } = TOKEN.exec(text)?.groups ?? {};
  if (id === undefined || title === undefined) return null;
  return { id, word: word ?? plain!, marked: stop !== undefined, title: titled(title, bold !== undefined).title };
};

/** What the line says when it begins with a check box, with an emoji and a number, or is a heading `Task 1: …`. */
export const readTaskLine = (line: SpecLine): TaskLine | undefined => {
  if (line.kind !== 'text' || line.text.length > LONGEST_LINE) return undefined;
  const box = BOX.exec(line.text);
  const { mark, rest, star, ordinal } = (box ?? EMOJI.exec(line.text))?.groups ?? {};
  if (mark === undefined || rest === undefined) return headingTask(line);
  const found = numberIn(rest);
  const number = found?.['number'] ?? ordinal ?? null;
  if (!box && number === null) return undefined;
  return {
    number,
    ...titled(found?.['title'] ?? rest, found?.['bold'] !== undefined),
    token: found ? null : tokenIn(rest),
    state: stateOf(mark),
    mark,
    box: box ? boxAt(box, line) : null,
    optional: (star ?? found?.['star'] ?? found?.['star2']) !== undefined,
    heading: false,
    ordinal: number !== null && found === undefined,
  };
};
