import { valuesOf } from '../../lib/records.ts';
import { oneLine } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task, TaskPlan } from '../../state/tasks.ts';
import { weightOf } from '../estimate.ts';
import { refuseCycles } from '../graph.ts';
import type { Mistake, TaskItem } from './item.ts';

/** Where each item goes: to a task that is there, or to a new one. */
type Place = { readonly item: TaskItem; readonly id: string; readonly known: Task | undefined };

const own = <T>(records: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(records, id) ? records[id] : undefined;

/** An item with an id is the task of this id; one without is the task of no plan with the same title, each used once. */
const placesOf = (state: State, items: readonly TaskItem[], mistakes: Mistake[]): Place[] => {
  const taken = new Map<string, number>();
  for (const { id, line } of items) {
    if (id === undefined) continue;
    const first = taken.get(id);
    if (first === undefined) taken.set(id, line);
    else
      mistakes.push({
        line,
        message: `task ${id} is there already in line ${first}`,
        fix: 'Give one of the two another id.',
      });
  }
  const byTitle = Map.groupBy(
    valuesOf(state.tasks).filter((task) => task.spec === null && !taken.has(task.id)),
    (task) => task.title,
  );
  let next = state.swarm.next_task;
  const made = (): string => {
    while (taken.has(`t${next}`) || own(state.tasks, `t${next}`)) next += 1;
    next += 1;
    return `t${next - 1}`;
  };
  return items.map((item) => {
    const known = item.id === undefined ? byTitle.get(item.title)?.shift() : own(state.tasks, item.id);
    if (known && known.spec !== null)
      mistakes.push({
        line: item.line,
        message: `task ${known.id} belongs to the plan ${known.spec}`,
        fix: 'Give it another id, or change the plan and import that.',
      });
    return { item, known, id: item.id ?? known?.id ?? made() };
  });
};

/** What a file calls a task: its id or key, else its title, else the id of a task that is there. */
const namesOf = (state: State, places: readonly Place[]): ((name: string) => string | undefined) => {
  const keys = new Map(places.flatMap(({ item, id }) => (item.key === undefined ? [] : [[item.key, id] as const])));
  const ids = new Set(places.map(({ id }) => id));
  const titles = new Map(places.map(({ item, id }) => [item.title, id]));
  return (name) => keys.get(name) ?? (ids.has(name) || own(state.tasks, name) ? name : titles.get(name));
};

const needsOf = ({ item }: Place, named: (name: string) => string | undefined, mistakes: Mistake[]): string[] =>
  (item.dependencies ?? []).flatMap((name) => {
    const id = named(name);
    if (id !== undefined) return [id];
    const fix = 'Name an id or a title of this file, or the id of a task that is there.';
    mistakes.push({ line: item.line, message: `it depends on "${oneLine(name)}", which is no task`, fix });
    return [];
  });

/** What is said of a task, without what is left open. */
export type Said = Partial<Omit<TaskPlan, 'id'>>;

/** What an item says, without what it leaves open. */
const saidBy = ({ item }: Place, dependencies: readonly string[], group: string | undefined): Said => {
  const { id: _id, key: _key, line: _line, state: _state, check, ...fields } = item;
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Said;
  return {
    ...said,
    ...(check === undefined ? {} : { check: check === '' ? null : check }),
    ...(item.dependencies === undefined ? {} : { dependencies: [...new Set(dependencies)] }),
    ...(group === undefined ? {} : { group }),
  };
};

const EMPTY: Omit<TaskPlan, 'id' | 'title' | 'complexity_score'> = {
  description: '',
  details: [],
  spec: null,
  group: null,
  requirements: [],
  acceptance_criteria: [],
  dependencies: [],
  barrier: false,
  priority: 'normal',
  estimated_duration: null,
  required_capabilities: [],
  check: null,
};

/** A task with everything that is not said as it usually is. */
export const newTask = (id: string, said: Said & { title: string }): TaskPlan => {
  const task = { ...EMPTY, ...said, id };
  return { ...task, complexity_score: said.complexity_score ?? weightOf(task) };
};

/** What is said now and was otherwise. A weight that nobody set by hand follows the text. */
const changesOf = (known: Task, said: Said): Said => {
  const changes = Object.fromEntries(
    Object.entries(said).filter(([key, value]) => JSON.stringify(known[key as keyof Task]) !== JSON.stringify(value)),
  ) as Said;
  const weighs = ['title', 'description', 'details', 'requirements'].some((key) => key in changes);
  const weight = weightOf({ ...known, ...changes } as TaskPlan);
  const follows = weighs && said.complexity_score === undefined && known.complexity_score === weightOf(known);
  return follows && weight !== known.complexity_score ? { ...changes, complexity_score: weight } : changes;
};

export type ItemFacts = {
  readonly drafts: readonly EventDraft[];
  readonly created: readonly string[];
  readonly edited: readonly string[];
  readonly unchanged: number;
  readonly done: number;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly { readonly line: number; readonly message: string }[];
};

const repeatedTitles = (items: readonly TaskItem[]) => {
  const first = new Map<string, number>();
  return items.flatMap(({ title, line }) => {
    const before = first.get(title);
    if (before === undefined) first.set(title, line);
    return before === undefined ? [] : [{ line, message: `line ${before} has the same title “${title}”` }];
  });
};

/** Prerequisites that will not come: nobody does what is cancelled or put away. */
const deadEnds = (state: State, needs: readonly string[], line: number) =>
  needs.flatMap((id) => {
    const task = own(state.tasks, id);
    if (!task || task.state === 'done' || (task.state !== 'cancelled' && !task.archived)) return [];
    return [{ line, message: `it waits for ${id}, which is ${task.archived ? 'archived' : 'cancelled'}` }];
  });

/**
 * The facts that bring the tasks of a file in: new ones are created, of others only what the file says is changed. With
 * mistakes there are no facts. Throws `plan/cycle`.
 */
export const itemFacts = (state: State, items: readonly TaskItem[], group?: string): ItemFacts => {
  const mistakes: Mistake[] = [];
  const places = placesOf(state, items, mistakes);
  const named = namesOf(state, places);
  const drafts: EventDraft[] = [];
  const created: string[] = [];
  const edited: string[] = [];
  const warnings = repeatedTitles(items);
  const graph = new Map(valuesOf(state.tasks).map((task) => [task.id, task.dependencies]));
  for (const place of places) {
    const { id, known, item } = place;
    const needs = needsOf(place, named, mistakes);
    const said = saidBy(place, needs, group);
    warnings.push(...deadEnds(state, needs, item.line));
    if (said.dependencies) graph.set(id, said.dependencies);
    const changes = known ? changesOf(known, said) : said;
    if (!known) {
      created.push(id);
      const task = newTask(id, { ...said, title: item.title, imported: true });
      drafts.push({ type: 'task.created', data: { task, done: item.state === 'done' } });
    } else if (Object.keys(changes).length > 0) {
      edited.push(id);
      drafts.push({ type: 'task.edited', data: { id, changes } });
    }
  }
  const done = items.filter((item) => item.state === 'done').length;
  const counts = { created, edited, unchanged: places.length - created.length - edited.length, done };
  if (mistakes.length > 0)
    return { ...counts, drafts: [], mistakes: mistakes.toSorted((a, b) => a.line - b.line), warnings };
  refuseCycles(graph);
  return { ...counts, drafts, mistakes, warnings };
};
