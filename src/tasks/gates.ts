import type { Task, TaskPlan, Tasks } from '../state/tasks.ts';

/**
 * A gate stands among the dependencies of a task for all tasks that open it. Where very many tasks wait for very many
 * others, a gate takes as many edges as there are tasks, and pairs would be millions. No id of a task has a colon.
 */
const GATE = 'gate:';

export const isGate = (id: string): boolean => id.startsWith(GATE);

/** The name of a gate of a plan, by its number there. */
export const gateName = (number: number | string, plan?: string): string =>
  `${GATE}${plan === undefined ? '' : `${plan}/`}${number}`;

/** What a task waits for, and which gates wait for it. */
export type Needs = Pick<TaskPlan, 'dependencies' | 'opens'>;

/** The tasks that open each gate. */
const openersIn = (all: Iterable<readonly [string, Pick<Needs, 'opens'>]>): Map<string, string[]> => {
  const gates = new Map<string, string[]>();
  for (const [id, { opens = [] }] of all)
    for (const gate of opens) {
      const openers = gates.get(gate);
      if (openers) openers.push(id);
      else gates.set(gate, [id]);
    }
  return gates;
};

/** The graph of these tasks, with the gates among them as nodes of their own. */
export const gatedGraph = (all: readonly (readonly [string, Needs])[]): Map<string, readonly string[]> =>
  new Map([...all.map(([id, { dependencies }]) => [id, dependencies] as const), ...openersIn(all)]);

type Gate = { readonly openers: readonly string[]; readonly isOpen: boolean };

// The gates are looked up once for each state: thousands of tasks ask for the same one.
const known = new WeakMap<Tasks, ReadonlyMap<string, Gate>>();

const gatesIn = (tasks: Tasks): ReadonlyMap<string, Gate> => {
  const found = known.get(tasks);
  if (found) return found;
  const gates = new Map(
    [...openersIn(Object.entries(tasks))].map(([gate, openers]): [string, Gate] => [
      gate,
      { openers, isOpen: openers.every((id) => tasks[id]!.state === 'done') },
    ]),
  );
  known.set(tasks, gates);
  return gates;
};

/** Whether what a task waits for is done; a gate that nobody opens any more stands open. */
export const isMet = (need: string, tasks: Tasks): boolean =>
  isGate(need) ? (gatesIn(tasks).get(need)?.isOpen ?? true) : tasks[need]?.state === 'done';

/** The tasks that are meant by what a task waits for, each once. */
const expandNeeds = (needs: readonly string[], tasks: Tasks): readonly string[] =>
  needs.some(isGate)
    ? [...new Set(needs.flatMap((need) => (isGate(need) ? (gatesIn(tasks).get(need)?.openers ?? []) : [need])))]
    : needs;

/** All tasks that a task waits for, done or not. */
export const prerequisitesOf = ({ dependencies }: Pick<Task, 'dependencies'>, tasks: Tasks): readonly string[] =>
  expandNeeds(dependencies, tasks);

/** Whether one task waits for another one. */
export const waitsFor = ({ dependencies }: Pick<Task, 'dependencies'>, other: Pick<Task, 'id' | 'opens'>): boolean =>
  dependencies.includes(other.id) || (other.opens ?? []).some((gate) => dependencies.includes(gate));

/** Gives the first of these tasks that waits for another one. They are gone through once, for thousands may be asked about. */
export const waiterAmong = (tasks: Iterable<Task>): ((other: Pick<Task, 'id' | 'opens'>) => Task | undefined) => {
  const first = new Map<string, Task>();
  for (const task of tasks) for (const need of task.dependencies) if (!first.has(need)) first.set(need, task);
  return ({ id, opens = [] }) => [id, ...opens].map((need) => first.get(need)).find((one) => one !== undefined);
};

/** A need in words: `2.1`, or how many a gate stands for. */
export const needWord = (need: string, tasks: Tasks): string => {
  const openers = isGate(need) ? (gatesIn(tasks).get(need)?.openers ?? []) : undefined;
  return openers === undefined ? need : `${openers[0] ?? 'none'}–${openers.at(-1) ?? 'none'} (${openers.length} tasks)`;
};
