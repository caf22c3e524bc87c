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
  /** The place of its mark in the whole text; null when it has none. */
  readonly box: Mark | null;
  readonly optional: boolean;
  /** cc-sdd's `(P)`: may run beside its neighbours. */
  readonly parallel: boolean;
  readonly heading: boolean;
  /** Its number is that of an ordered list: `1. [ ] Build the parser`. */
  readonly ordinal: boolean;
};

/** A stretch of the text that says whether a task is done, and what it says when it is. */
export type Mark = { readonly at: number; readonly length: number; readonly tick: string };

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
const EMOJI = /^[ \t]*[-*+][ \t]+(?<mark>✅|☑|✔|⬜|☐|🔲|🔄|🚧|⏳|❌)\uFE0F?[ \t]*(?<rest>.*)$/du;
// A letter may follow: `2.a`, `7.3.5a`. Full-width stops and colons separate as the narrow ones do.
const NUMBERED =
  /^(?<bold>\*\*|__)?(?:Task[ \t]+)?(?<star>\\?\*(?!\*)[ \t]*)?(?<number>\d{1,9}(?:\.\d{1,9}){0,9}(?:\.[a-z](?![\p{L}\d])|(?<=\.\d{1,9})[a-z](?![\p{L}\d]))?)(?<star2>\\?\*(?!\*))?(?:(?<stop>[.):．。、：）])(?!\d)|(?=\s|$|\*\*|__))(?:\*\*|__)?[:.：]?[ \t]*(?<title>.*)$/iu;
const TOKEN =
  /^(?<bold>\*\*|__)?(?<id>(?<word>[A-Z][A-Z0-9]{0,19}(?:[-_][A-Z][A-Z0-9]{0,19}){0,3})[-_]\d{1,9}(?:\.\d{1,9}){0,9}[a-z]?|(?<plain>T)\d{3,5}(?:[a-z]|-[A-Z\d]{1,6}|(?:\.\d{1,2}){1,2})?)(?:(?<stop>[:：.)])(?=\s|\*\*|__|$)|(?=[ \t]|\*\*|__))(?:\*\*|__)?[:：]?[ \t]*(?<title>.*)$/u;
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

/** The place between the brackets; of `[  ]` the first blank is exchanged, and `[]` gets its mark put in. */
const boxAt = (match: RegExpExecArray, line: SpecLine): Mark => {
  const [from, to] = match.indices?.groups?.['mark'] ?? [0, 0];
  return { at: line.start + from, length: Math.min(to - from, 1), tick: 'x' };
};

/** The place of `⬜`, with the mark behind it that asks for its picture. */
const emojiAt = (match: RegExpExecArray, line: SpecLine): Mark => {
  const [from, to] = match.indices?.groups?.['mark'] ?? [0, 0];
  const length = to - from + (line.text[to] === '\uFE0F' ? 1 : 0);
  return { at: line.start + from, length, tick: '✅' };
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
  const emoji = box ? null : EMOJI.exec(line.text);
  const { mark, rest, star, ordinal } = (box ?? emoji)?.groups ?? {};
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
    box: box ? boxAt(box, line) : emojiAt(emoji!, line),
    optional: (star ?? found?.['star'] ?? found?.['star2']) !== undefined,
    heading: false,
    ordinal: number !== null && found === undefined,
  };
};
