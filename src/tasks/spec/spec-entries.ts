import type { SpecLine } from './spec-lines.ts';
import { readTaskLine, type TaskLine, type Token } from './spec-task-line.ts';

/** Something that a person may want to look at; `line` is 1-based. `rule` says which kind it is where that matters. */
export type Warning = {
  readonly line: number;
  readonly message: string;
  readonly rule?:
    | 'duplicate-task'
    | 'unnumbered-task'
    | 'no-box'
    | 'criteria'
    | 'unread-reference'
    | 'unread-order'
    | 'unread-graph';
  readonly about?: string;
};

/** What a line of a plan is, where that is not told by the line alone. */
export type Role =
  | {
      readonly kind: 'task';
      readonly head: TaskLine;
      readonly number: string;
      readonly title: string;
      readonly again: boolean;
    }
  | { readonly kind: 'step'; readonly head: TaskLine }
  | { readonly kind: 'criterion' }
  /** A parent that has a number and no box. */
  | { readonly kind: 'group'; readonly number: string; readonly title: string }
  /** It looks like the beginning of a task and is none. */
  | { readonly kind: 'aside' };

/** What stands between two headings of a plan. */
export type Section = {
  readonly title: string | null;
  /** Of a heading like `## 2. Storage`. */
  readonly number: string | null;
  /** Whether there are boxes with ids in it. */
  numbered: boolean;
  /** How many boxes stand in it and in no other box. */
  boxes: number;
};

/** A box, or a heading that is a task, with the place it stands at. */
export type Entry = {
  readonly line: SpecLine;
  readonly head: TaskLine;
  /** The id that the plan gives it; null when it gives none. */
  readonly id: string | null;
  readonly title: string;
  readonly section: Section;
  /** The box or heading that it stands in. */
  readonly around: Entry | null;
  /** Whether boxes with ids stand in it. */
  holdsIds: boolean;
};

const HEADING = /^ {0,3}(?<hashes>#{1,6})[ \t]+(?<title>.*?)(?:[ \t]+#+)?$/u;

type Heading = { readonly level: number; readonly title: string; readonly number: string | null };

/** Level and text of a heading. */
export const readHeading = (line: SpecLine): Heading | undefined => {
  const { hashes, title } = (line.kind === 'text' ? HEADING.exec(line.text.trimEnd()) : null)?.groups ?? {};
  if (hashes === undefined || title === undefined) return undefined;
  const number = /^(?:\*\*)?(?<number>\d+)[.:)][ \t]+\S/u.exec(title)?.groups?.['number'] ?? null;
  return { level: hashes.length, title, number };
};

/** Names of standards look like ids and are none. */
const STANDARDS: ReadonlySet<string> = new Set(
  'UTF SHA MD ISO IEC RFC IEEE HTTP HTTPS TLS SSL AES RSA ES ECMA GPT WCAG IPV OAUTH COVID'.split(' '),
);

/** Tells words like `CORE-2` that are ids from those that are not: a colon follows, or others begin with the same word. `T001` always is. */
const tokenJudge = (heads: readonly TaskLine[]): ((token: Token) => boolean) => {
  const tokens = heads.flatMap(({ token }) => token ?? []);
  const ids = new Map(
    [...Map.groupBy(tokens, ({ word }) => word)].map(([word, all]) => [word, new Set(all.map(({ id }) => id))]),
  );
  return ({ word, marked }) => word === 'T' || (!STANDARDS.has(word) && (marked || ids.get(word)!.size > 1));
};

/** A box or a heading that later lines may stand in. */
type Open = { readonly entry: Entry; readonly indent: number; readonly level: number };

/** The id and the title that the plan gives a box. */
const identify = (
  head: TaskLine,
  isInside: boolean,
  isId: (token: Token) => boolean,
): { id: string | null; title: string } => {
  if (head.token && isId(head.token)) return { id: head.token.id, title: head.token.title };
  // An ordered list inside of a task counts its steps; its numbers are no numbers of tasks.
  return { id: head.ordinal && isInside ? null : head.number, title: head.title };
};

/** Counts a box in its section, and says to all that it stands in that there are ids. */
const markAround = (entry: Entry): void => {
  const { section, around, id } = entry;
  if (around === null) section.boxes += 1;
  if (id === null) return;
  for (let up = around; up !== null; up = up.around) up.holdsIds = true;
  section.numbered = true;
};

/** Where a line stands: its section, and what is open around it. */
type Place = { readonly open: readonly Open[]; readonly section: Section };

/** The place behind a heading that is no task: a new section, unless it stands in a heading that is one. */
const placeBehind = (heading: Heading, place: Place): Place => {
  const open = place.open.filter(({ level }) => level > 0 && level < heading.level);
  if (open.length > 0) return { open, section: place.section };
  return { open, section: { title: heading.title, number: heading.number, numbered: false, boxes: 0 } };
};

/** All boxes of a plan, and its headings that are tasks, each with what it stands in. */
export const entriesOf = (lines: readonly SpecLine[]): readonly Entry[] => {
  const heads = new Map(
    lines.flatMap((line) => {
      const head = readTaskLine(line);
      return head ? [[line, head] as const] : [];
    }),
  );
  const isId = tokenJudge([...heads.values()]);
  const entries: Entry[] = [];
  let place: Place = { open: [], section: { title: null, number: null, numbered: false, boxes: 0 } };
  for (const line of lines) {
    const head = heads.get(line);
    const heading = readHeading(line);
    if (!head) {
      if (heading) place = placeBehind(heading, place);
      continue;
    }
    const indent = head.heading ? -1 : line.indent;
    const { section } = place;
    const open = head.heading ? [] : place.open.filter((other) => other.indent < indent);
    const around = open.at(-1)?.entry ?? null;
    const entry: Entry = { line, head, ...identify(head, around !== null, isId), section, around, holdsIds: false };
    markAround(entry);
    entries.push(entry);
    place = { open: [...open, { entry, indent, level: head.heading ? heading!.level : 0 }], section };
  }
  return entries;
};
