import { ancestors } from './number.ts';
import { type Entry, entriesOf, type Role, type Section, type Warning } from './spec-entries.ts';
import { groupsIn } from './spec-groups.ts';
import type { SpecLine } from './spec-lines.ts';

type Roles = {
  readonly roles: ReadonlyMap<SpecLine, Role>;
  /** Whether the plan numbers its tasks; else they are numbered as they stand. */
  readonly given: boolean;
  readonly warnings: readonly Warning[];
};

/** Headings of lists that say when a plan is good, and not what is to be done. */
const CRITERIA =
  /criteri|definition of (?:done|ready)|\bdod\b|pre-?requisite|check-?list|success|metrics|acceptance|\bnotes?\b|受け入れ|完了条件|验收|驗收|チェックリスト/iu;

type Numbering = {
  readonly given: boolean;
  readonly entries: readonly Entry[];
  /** Ids that the plan gives to somebody. */
  readonly ids: ReadonlySet<string>;
  readonly taken: Map<string, Entry>;
  /** What a number of the plan means at this place: the same number, or its new name where it was used again. */
  readonly latest: Map<string, string>;
  readonly roles: Map<SpecLine, Role>;
  readonly warnings: Warning[];
  /** Boxes that are criteria, by their section. */
  readonly criteria: Map<Section, Entry[]>;
  /** The ids and what is above them. */
  readonly known: ReadonlySet<string>;
  /** How many boxes were counted below a heading or a number. */
  readonly counts: Map<Section | string, number>;
  /** The last number that the plan gave. */
  last: string;
};

const nextOf = (to: Numbering, key: Section | string, first: number): number => {
  const count = (to.counts.get(key) ?? first - 1) + 1;
  to.counts.set(key, count);
  return count;
};

/** `6.5-2`: the number with the first count that nobody has. */
const unused = (to: Numbering, base: string): string => {
  for (;;) {
    const number = `${base}-${nextOf(to, base, 2)}`;
    if (!to.taken.has(number) && !to.ids.has(number)) return number;
  }
};

const addTask = (to: Numbering, entry: Entry, number: string, again = false): void => {
  const { head, title, line } = entry;
  if (!again) to.taken.set(number, entry);
  to.roles.set(line, { kind: 'task', head, number, title, again });
};

/** The number under that of its parent, where that has another name since it was used again. */
const placeOf = (to: Numbering, id: string): string => {
  const above = ancestors(id).find((up) => to.latest.has(up));
  const name = above === undefined ? undefined : to.latest.get(above)!;
  return above === undefined || name === undefined || name === above ? id : `${name}${id.slice(above.length)}`;
};

/** A number that is there already: the same task once more, notes about it, or a task that needs another number. */
const addAgain = (to: Numbering, entry: Entry, id: string, first: Entry): void => {
  const { line, title, head } = entry;
  const warn = (what: string): void => {
    const message = `task ${id} is there already in line ${first.line.line}${what}`;
    to.warnings.push({ line: line.line, message, rule: 'duplicate-task', about: id });
  };
  if (head.heading && !first.head.heading) {
    to.roles.set(line, { kind: 'aside' });
    warn(', so this heading is read as notes');
  } else if (title === first.title) {
    addTask(to, entry, id, true);
    warn(' with the same title: both are read as one');
  } else {
    const number = unused(to, id);
    to.latest.set(entry.id!, number);
    addTask(to, entry, number);
    warn(`, so this one is called ${number}`);
  }
};

const addNumbered = (to: Numbering, entry: Entry, own: string): void => {
  const id = placeOf(to, own);
  const first = to.taken.get(id);
  if (first) addAgain(to, entry, id, first);
  else {
    to.latest.set(own, id);
    to.last = id;
    addTask(to, entry, id);
  }
};

const addCriterion = (to: Numbering, entry: Entry): void => {
  to.roles.set(entry.line, { kind: 'criterion' });
  const list = to.criteria.get(entry.section) ?? [];
  list.push(entry);
  to.criteria.set(entry.section, list);
};

/** `3`, or `3.1`, `3.2` …, for boxes below the heading `## 3. Checkpoint` when nothing else has that number. */
const underHeading = (to: Numbering, entry: Entry): string | undefined => {
  const { number, title } = entry.section;
  if (number === null || CRITERIA.test(title ?? '')) return undefined;
  if (to.known.has(number)) return undefined;
  return entry.section.boxes === 1 ? number : `${number}.${nextOf(to, entry.section, 1)}`;
};

/** The number for a box that is a task all the same; undefined when it is none. */
const numberFor = (to: Numbering, entry: Entry): string | undefined =>
  entry.section.numbered ? unused(to, to.last) : underHeading(to, entry);

/** A box without a number in a plan that numbers its tasks. */
const addUnnumbered = (to: Numbering, entry: Entry): void => {
  const around = entry.around ? to.roles.get(entry.around.line)?.kind : undefined;
  if (around === 'task' || around === 'step') to.roles.set(entry.line, { kind: 'step', head: entry.head });
  else if (entry.holdsIds) to.roles.set(entry.line, { kind: 'aside' });
  else {
    const isNote = around === 'criterion' || (around === 'aside' && entry.around!.head.heading);
    const number = isNote ? undefined : numberFor(to, entry);
    if (number === undefined) addCriterion(to, entry);
    else {
      addTask(to, entry, number);
      const { line } = entry.line;
      const message = `the task “${entry.title}” has no number and is called ${number}`;
      to.warnings.push({ line, message, rule: 'unnumbered-task', about: String(line) });
    }
  }
};

/** Numbers for a list that has none: as its boxes stand in each other. */
const addByPlace = (to: Numbering): void => {
  const isList = (section: Section): boolean => !CRITERIA.test(section.title ?? '');
  const hasList = to.entries.some(({ section }) => isList(section));
  const counts = new Map<Entry | null, number>();
  const numbers = new Map<Entry, string>();
  for (const entry of to.entries) {
    if (hasList && !isList(entry.section)) {
      addCriterion(to, entry);
      continue;
    }
    const count = (counts.get(entry.around) ?? 0) + 1;
    counts.set(entry.around, count);
    const number = entry.around ? `${numbers.get(entry.around)!}.${count}` : String(count);
    numbers.set(entry, number);
    addTask(to, entry, number);
  }
};

const boxes = (count: number): string => (count === 1 ? '1 box' : `${count} boxes`);

const tellCriteria = (to: Numbering): void => {
  for (const [{ title }, entries] of to.criteria) {
    const where = title === null ? '' : ` under “${title}”`;
    const many = entries.length === 1 ? 'is read as a criterion, not as a task' : 'are read as criteria, not as tasks';
    const message = `${boxes(entries.length)} without a number${where} ${many}`;
    to.warnings.push({ line: entries[0]!.line.line, message, rule: 'criteria' });
  }
};

/** What each line of a plan is that has a box or a number. */
export const rolesOf = (lines: readonly SpecLine[]): Roles => {
  const entries = entriesOf(lines);
  const ids = new Set(entries.flatMap(({ id }) => id ?? []));
  const to: Numbering = {
    given: ids.size > 0,
    entries,
    ids,
    taken: new Map(),
    latest: new Map(),
    roles: new Map(),
    warnings: [],
    criteria: new Map(),
    known: new Set([...ids].flatMap((id) => [id, ...ancestors(id)])),
    counts: new Map(),
    last: '0',
  };
  if (!to.given) addByPlace(to);
  else
    for (const entry of entries)
      if (entry.id === null) addUnnumbered(to, entry);
      else addNumbered(to, entry, entry.id);
  tellCriteria(to);
  if (to.given)
    for (const found of groupsIn(lines, to.roles)) {
      to.roles.set(found.line, found.role);
      if (found.role.kind === 'aside') to.warnings.push({ line: found.line.line, message: found.message });
    }
  return { roles: to.roles, given: to.given, warnings: to.warnings };
};
