import type { Policy } from '../state/specs.ts';
import { ancestors } from './spec/number.ts';
import type { ParsedTask } from './spec/spec-tasks.ts';

export type DependencyOptions = { readonly policy: Policy; readonly barrier: boolean };

/**
 * Who waits for whom among neighbours. A run of tasks marked `(P)` shares what the first of them waits for, and what
 * comes after the run waits for all of it.
 */
const inSequence = (edges: Map<string, Set<string>>, tasks: readonly ParsedTask[], parallel: boolean): void => {
  let before: string[] = [];
  let run: string[] = [];
  for (const task of tasks) {
    const beside = parallel && task.parallel;
    if (!beside && run.length > 0) {
      before = run;
      run = [];
    }
    for (const id of before) edges.get(task.number)!.add(id);
    if (beside) run.push(task.number);
    else before = [task.number];
  }
};

/**
 * Numbers that each leaf waits for because the plan says so. A group stands for the leaves in it, and what a group waits
 * for, each of its leaves waits for. Numbers that do not exist are kept.
 */
const explicit = (tasks: readonly ParsedTask[], leaves: readonly ParsedTask[]): Map<string, string[]> => {
  const byNumber = new Map(tasks.map((task) => [task.number, task]));
  const inside = new Map<string, string[]>();
  for (const leaf of leaves)
    for (const up of ancestors(leaf.number)) {
      const list = inside.get(up);
      if (list) list.push(leaf.number);
      else inside.set(up, [leaf.number]);
    }
  return new Map(
    leaves.map((leaf) => {
      const above = ancestors(leaf.number);
      // A task cannot wait for the group that it is in.
      const own = new Set([leaf.number, ...above]);
      const named = leaf.depends.filter((number) => number === leaf.number || !own.has(number));
      for (const up of above) named.push(...(byNumber.get(up)?.depends ?? []).filter((number) => !own.has(number)));
      return [leaf.number, named.flatMap((number) => inside.get(number) ?? [number])];
    }),
  );
};

/** Leaves that wait, directly or not, for one of these: they cannot come before them. */
const behind = (edges: ReadonlyMap<string, ReadonlySet<string>>, of: readonly string[]): Set<string> => {
  const dependants = new Map<string, string[]>();
  for (const [id, needs] of edges)
    for (const need of needs) {
      const list = dependants.get(need);
      if (list) list.push(id);
      else dependants.set(need, [id]);
    }
  const found = new Set(of);
  for (const id of found) for (const dependant of dependants.get(id) ?? []) found.add(dependant);
  return found;
};

/**
 * What each leaf waits for, done or not. `siblings`: the leaf before it in its top-level group; `strict`: the leaf
 * before it in the plan; `none`: nothing. What a plan says itself always counts. With a barrier, tasks for “All
 * requirements” wait for all others and the others never for them, unless the plan says so.
 */
export const dependencyEdges = (tasks: readonly ParsedTask[], options: DependencyOptions): Map<string, string[]> => {
  const leaves = tasks.filter((task) => task.leaf);
  const edges = new Map(leaves.map((leaf) => [leaf.number, new Set<string>()]));
  const last = (task: ParsedTask): boolean => options.barrier && task.allRequirements;
  // Around the barrier the neighbours are counted on each side of it, or the two rules would contradict each other.
  const place = (task: ParsedTask): string => `${last(task)} ${options.policy === 'siblings' ? task.group : ''}`;
  if (options.policy !== 'none')
    for (const neighbours of Map.groupBy(leaves, place).values())
      inSequence(edges, neighbours, options.policy === 'siblings');
  for (const [number, needs] of explicit(tasks, leaves)) for (const need of needs) edges.get(number)!.add(need);
  const barriers = leaves.filter(last).map((leaf) => leaf.number);
  const after = behind(edges, barriers);
  for (const barrier of barriers)
    for (const { number } of leaves) if (!after.has(number)) edges.get(barrier)!.add(number);
  const position = new Map(leaves.map((leaf, index) => [leaf.number, index]));
  const order = (id: string): number => position.get(id) ?? leaves.length;
  return new Map([...edges].map(([id, needs]) => [id, [...needs].toSorted((a, b) => order(a) - order(b))]));
};

/** How many pairs of tasks there are of which one waits for the other, over all leaves, those that are done included. */
export const countEdges = (edges: ReadonlyMap<string, readonly string[]>): number =>
  [...edges.values()].reduce((sum, needs) => sum + needs.length, 0);
