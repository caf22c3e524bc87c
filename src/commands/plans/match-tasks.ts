import { valuesOf } from '../../lib/records.ts';
import { distance } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task, TaskPlan } from '../../state/tasks.ts';
import type { SpecPlan } from '../../tasks/spec/import-spec.ts';
import { numberIn } from '../../tasks/spec/outline.ts';

/** What a task waits for that has begun decided over it already, and stays. */
export const hasBegun = (task: Task): boolean =>
  // What racers of it have made is put away by its race, also where nobody has won.
  task.attempts > 0 || task.race !== undefined || !['open', 'assigned'].includes(task.state);

/** Nothing of it has been begun or is done, and no instance has it in its queue. */
export const isUntouched = (task: Task): boolean => task.state === 'open' && !hasBegun(task);

const wordsOf = (title: string): string[] => title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const plainTitle = (title: string): string => wordsOf(title).join(' ') || title;

/** Words that can come and go without another thing being meant. */
const SMALL_WORDS: ReadonlySet<string> = new Set(['a', 'an', 'the', 'and', 'of', 'to', 'for', 'in', 'on', 'with']);

/** From so many letters on a word may have one that is wrong. */
const TYPO_LENGTH = 4;

/** So many letters at the end of a word may be others: `remove` and `removal` are one. */
const ENDING_LENGTH = 3;

const hasDigit = (word: string): boolean => /\p{N}/u.test(word);

const isOneStem = (a: string, b: string): boolean => {
  const stem = Math.max(TYPO_LENGTH, Math.max(a.length, b.length) - ENDING_LENGTH);
  return Math.min(a.length, b.length) >= stem && a.slice(0, stem) === b.slice(0, stem);
};

const isSpeltAlike = (a: string, b: string): boolean =>
  a === b ||
  (Math.min(a.length, b.length) >= TYPO_LENGTH && !hasDigit(a + b) && (distance(a, b) <= 1 || isOneStem(a, b)));

/**
 * Whether a title is another one in other words: with a few words put in or taken out, as many as there were at most, or with
 * words exchanged where more than half of them stay. A number that is another one tells another task.
 */
const isReworded = (a: string, b: string): boolean => {
  const [short, long] = [a, b]
    .map((title) => wordsOf(title).filter((word) => !SMALL_WORDS.has(word)))
    .toSorted((one, other) => one.length - other.length) as [string[], string[]];
  const added = [...long];
  const exchanged = short.filter((word) => {
    const at = added.findIndex((one) => isSpeltAlike(one, word));
    if (at >= 0) added.splice(at, 1);
    return at < 0;
  });
  if (exchanged.length === 0) return short.length > 0 && added.length <= short.length;
  return (long.length - added.length) * 2 > long.length && ![...exchanged, ...added].some(hasDigit);
};

type Entry = { readonly plan: TaskPlan; readonly number: string; readonly title: string };
type Known = { readonly task: Task; readonly number: string; readonly title: string; readonly isListed: boolean };
type Matches = { readonly of: Map<Entry, Known>; readonly taken: Set<Known> };
type Side = Pick<Entry, 'number' | 'title'> & { readonly group: string | null };

const sideOf = ({ number, title }: Pick<Entry, 'number' | 'title'>, { group }: Pick<TaskPlan, 'group'>): Side => ({
  number,
  title,
  group: group === null ? null : plainTitle(group),
});

/** By these, one after the other, a task is found again in its file: each counts only where it means one task on both sides. */
const KEYS: readonly ((side: Side) => string)[] = [
  ({ number, title }) => JSON.stringify([number, title]),
  ({ group, title }) => JSON.stringify([group, title]),
  ({ title }) => title,
];

/** Those that are the only ones with their key. */
const alone = <T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T> =>
  new Map(
    [...Map.groupBy(all, keyOf)].flatMap(([key, [one, ...others]]) => (others.length === 0 ? [[key, one!]] : [])),
  );

const matchWhere = (
  matches: Matches,
  entries: readonly Entry[],
  find: (entry: Entry) => Known | undefined,
  mayBe: (known: Known, entry: Entry) => boolean,
): void => {
  for (const entry of entries) {
    if (matches.of.has(entry)) continue;
    const known = find(entry);
    if (!known || matches.taken.has(known) || !mayBe(known, entry)) continue;
    matches.of.set(entry, known);
    matches.taken.add(known);
  }
};

/**
 * Which task each entry of a file is. What has begun or is done goes by its title, so that its work never gets another
 * text; at its own number it may be reworded. What nobody has touched is what its number says.
 */
const matchesOf = (entries: readonly Entry[], tasks: readonly Known[]): Matches => {
  const matches: Matches = { of: new Map(), taken: new Set() };
  const isTouched = ({ task }: Known): boolean => !isUntouched(task);
  const match = (
    known: ReadonlyMap<string, Known>,
    keyOf: (entry: Entry) => string,
    mayBe: Parameters<typeof matchWhere>[3],
  ) => matchWhere(matches, entries, (entry) => known.get(keyOf(entry)), mayBe);
  const byKey = KEYS.map((key) => {
    const ofEntry = (entry: Entry): string => key(sideOf(entry, entry.plan));
    const unique = alone(entries, ofEntry);
    const known = alone(tasks, (one) => key(sideOf(one, one.task)));
    return { ofEntry, known: new Map([...known].filter(([found]) => unique.has(found))) };
  });
  const numbered = new Map(tasks.filter(({ isListed }) => isListed).map((one) => [one.number, one]));
  match(
    numbered,
    ({ number }) => number,
    (one, entry) => one.title === entry.title,
  );
  for (const { ofEntry, known } of byKey)
    match(known, ofEntry, (one, entry) => isTouched(one) || one.number === entry.number);
  const titles = new Set(tasks.map(({ title }) => title));
  match(
    numbered,
    ({ number }) => number,
    (one, entry) => isTouched(one) && !titles.has(entry.title) && isReworded(one.task.title, entry.plan.title),
  );
  match(
    numbered,
    ({ number }) => number,
    (one) => !isTouched(one),
  );
  for (const { ofEntry, known } of byKey) match(known, ofEntry, () => true);
  return matches;
};

/** The id of each entry: that of the task it is, else what its number says, else one that nobody has. */
const idsOf = (state: State, entries: readonly Entry[], { of, taken }: Matches): Map<string, string> => {
  const free = (id: string): boolean => {
    const holder = Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;
    return !holder || (isUntouched(holder) && holder.spec === entries[0]?.plan.spec && !used.has(id));
  };
  const used = new Set([...taken].map(({ task }) => task.id));
  const defaults = new Set(entries.map(({ plan }) => plan.id));
  const fresh = (id: string): string => {
    let count = 2;
    const isTaken = (one: string) => used.has(one) || defaults.has(one) || Object.hasOwn(state.tasks, one);
    while (isTaken(`${id}-${count}`)) count += 1;
    return `${id}-${count}`;
  };
  return new Map(
    entries.map((entry) => {
      const { id } = entry.plan;
      const own = of.get(entry)?.task.id ?? (free(id) ? id : fresh(id));
      used.add(own);
      return [id, own];
    }),
  );
};

/** A plan as its file has it, with the ids of the tasks that it speaks of: those that moved keep theirs, and are told by number. */
export const withKnownIds = (state: State, name: string, plan: SpecPlan): SpecPlan => {
  const listed = new Set(Object.hasOwn(state.specs, name) ? state.specs[name]!.tasks : []);
  const tasks = valuesOf(state.tasks)
    .filter(({ spec }) => spec === name)
    .map((task) => ({ task, number: numberIn(task), title: plainTitle(task.title), isListed: listed.has(task.id) }));
  if (tasks.length === 0) return plan;
  const entries = plan.plans.map((one) => ({ plan: one, number: numberIn(one), title: plainTitle(one.title) }));
  const ids = idsOf(state, entries, matchesOf(entries, tasks));
  const idOf = (id: string): string => ids.get(id) ?? id;
  const rulesOf = (rules: NonNullable<TaskPlan['dependency_rules']>) =>
    Object.fromEntries(Object.entries(rules).map(([rule, needs]) => [rule, needs.map(idOf)]));
  const plans = entries.map(({ plan: one, number }): TaskPlan => {
    const id = idOf(one.id);
    // Who had another number once says also that it is back at the usual one.
    const isTold = id !== one.id || (Object.hasOwn(state.tasks, id) && state.tasks[id]!.number !== undefined);
    return {
      ...one,
      id,
      ...(isTold ? { number } : {}),
      dependencies: one.dependencies.map(idOf),
      ...(one.dependency_rules ? { dependency_rules: rulesOf(one.dependency_rules) } : {}),
    };
  });
  const { done, cancelled, held } = plan;
  return { ...plan, plans, done: done.map(idOf), cancelled: cancelled.map(idOf), held: held.map(idOf) };
};
