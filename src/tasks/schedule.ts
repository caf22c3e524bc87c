import { criticalPath, type Dependencies, dependantsIn, remainingPath, topologicalOrder } from './graph.ts';
import { makeHeap } from './heap.ts';

/** A task whose duration (any unit, always the same) is known. */
export type Job = { readonly id: string; readonly duration: number; readonly dependencies: readonly string[] };

/** Where and when each job runs; `machine` counts from 0. */
type Schedule = {
  readonly makespan: number;
  readonly items: readonly {
    readonly id: string;
    readonly machine: number;
    readonly start: number;
    readonly end: number;
  }[];
};

const graphOf = (jobs: readonly Job[]): Dependencies => new Map(jobs.map((job) => [job.id, job.dependencies]));

/**
 * Gives each machine, as soon as it is free, the first job of `order` whose prerequisites are done; jobs that are not
 * in `order` come last. Throws `plan/cycle`.
 */
export const listSchedule = (jobs: readonly Job[], machines: number, order: readonly string[]): Schedule => {
  const graph = graphOf(jobs);
  const inTurn = topologicalOrder(graph);
  const durations = new Map(jobs.map((job) => [job.id, job.duration]));
  const rank = new Map([...new Set([...order, ...inTurn])].map((id, index) => [id, index]));
  return run({ graph, durations, rank, machines: Math.max(1, Math.floor(machines)) });
};

const run = (given: {
  graph: Dependencies;
  durations: ReadonlyMap<string, number>;
  rank: ReadonlyMap<string, number>;
  machines: number;
}): Schedule => {
  const { graph, durations, rank } = given;
  const dependants = dependantsIn(graph);
  const missing = new Map([...graph].map(([id, needs]) => [id, new Set(needs.filter((need) => graph.has(need))).size]));
  const ready = makeHeap<string>((a, b) => rank.get(a)! - rank.get(b)!);
  const free = makeHeap<number>((a, b) => a - b);
  const busy = makeHeap<Schedule['items'][number]>((a, b) => a.end - b.end || a.machine - b.machine);
  for (const [id, count] of missing) if (count === 0) ready.push(id);
  for (let machine = 0; machine < given.machines; machine += 1) free.push(machine);
  const items: Schedule['items'][number][] = [];
  let now = 0;
  const release = (id: string): void => {
    for (const dependant of dependants.get(id)!) {
      missing.set(dependant, missing.get(dependant)! - 1);
      if (missing.get(dependant) === 0) ready.push(dependant);
    }
  };
  while (items.length < graph.size || busy.peek()) {
    while (ready.peek() !== undefined && free.peek() !== undefined) {
      const id = ready.pop()!;
      const item = { id, machine: free.pop()!, start: now, end: now + durations.get(id)! };
      items.push(item);
      busy.push(item);
    }
    now = busy.peek()!.end;
    for (let next = busy.peek(); next && next.end === now; next = busy.peek()) {
      busy.pop();
      free.push(next.machine);
      release(next.id);
    }
  }
  return { makespan: now, items };
};

/** Orders that a scheduler may prefer jobs by, the one the planner uses first. */
const orders = (jobs: readonly Job[]): string[][] => {
  const graph = graphOf(jobs);
  const durations = new Map(jobs.map((job) => [job.id, job.duration]));
  const remaining = remainingPath(graph, (id) => durations.get(id)!);
  const dependants = dependantsIn(graph);
  const after = new Map(
    [...dependants].map(([id, ids]) => [id, ids.reduce((sum, one) => sum + remaining.get(one)!, 0)]),
  );
  const plan = jobs.map((job) => job.id);
  const by = (value: (id: string) => number): string[] => plan.toSorted((a, b) => value(b) - value(a));
  const longest = (id: string): number => durations.get(id)!;
  return [
    by((id) => remaining.get(id)!),
    by((id) => remaining.get(id)! + longest(id)),
    by((id) => after.get(id)!),
    by((id) => dependants.get(id)!.length),
    by(longest),
    by((id) => -longest(id)),
    plan,
  ];
};

/** The shortest schedule over several priority orders: what a scheduler that knows all durations reaches. Throws `plan/cycle`. */
export const bestListSchedule = (jobs: readonly Job[], machines: number): Schedule => {
  const [first, ...others] = orders(jobs).map((order) => listSchedule(jobs, machines, order));
  return others.reduce((best, other) => (other.makespan < best.makespan ? other : best), first!);
};

/** No schedule is shorter: the longest chain, or the work divided by the machines. Throws `plan/cycle`. */
export const lowerBound = (jobs: readonly Job[], machines: number): number => {
  const durations = new Map(jobs.map((job) => [job.id, job.duration]));
  const work = jobs.reduce((sum, job) => sum + job.duration, 0);
  return Math.max(
    criticalPath(graphOf(jobs), (id) => durations.get(id)!).length,
    work / Math.max(1, Math.floor(machines)),
  );
};
