import { criticalPath, type Dependencies, makeCountdown } from './graph.ts';
import { makeHeap } from './heap.ts';

/** A task that is to be placed; durations in any unit, always the same. */
export type Work = {
  readonly id: string;
  readonly duration: number;
  /** Ids that are no work count as met. */
  readonly dependencies: readonly string[];
  /** The machine that has it in its queue already. */
  readonly on: string | null;
  /** It is being worked on there. */
  readonly begun: boolean;
  /** Machines that have done what it builds on: they are preferred. */
  readonly knows: readonly string[];
};

type Placed = {
  readonly id: string;
  readonly machine: string;
  readonly start: number;
  readonly end: number;
};

export type Distribution = {
  /** In the order of their starts. */
  readonly items: readonly Placed[];
  /** When the last one has ended. */
  readonly length: number;
  /** No number of machines makes it shorter than this. */
  readonly critical: { readonly length: number; readonly path: readonly string[] };
};

type Desk = {
  readonly work: ReadonlyMap<string, Work>;
  readonly rank: ReadonlyMap<string, number>;
  readonly countdown: ReturnType<typeof makeCountdown>;
  /** Ready tasks that belong to a machine, by machine; all others under the empty name. */
  readonly ready: Map<string, ReturnType<typeof makeHeap<string>>>;
  /** In the order of the machines. */
  free: readonly string[];
  readonly begun: Set<string>;
  readonly busy: ReturnType<typeof makeHeap<Placed>>;
  readonly items: Placed[];
};

const makeReady = (desk: Desk, id: string): void => {
  const key = desk.work.get(id)!.on ?? '';
  const heap = desk.ready.get(key) ?? makeHeap<string>((a, b) => desk.rank.get(a)! - desk.rank.get(b)!);
  desk.ready.set(key, heap);
  heap.push(id);
};

const place = (desk: Desk, id: string, machine: string, start: number): void => {
  const item = { id, machine, start, end: start + desk.work.get(id)!.duration };
  desk.free = desk.free.filter((one) => one !== machine);
  desk.begun.add(id);
  desk.items.push(item);
  desk.busy.push(item);
};

/** Own queues first, as the planner does it; then whatever presses most goes to a machine that knows it, else to the first. */
const hand = (desk: Desk, now: number): void => {
  for (const machine of desk.free) {
    const own = desk.ready.get(machine)?.pop();
    if (own !== undefined) place(desk, own, machine, now);
  }
  const common = desk.ready.get('');
  while (desk.free.length > 0 && common?.peek() !== undefined) {
    const id = common.pop()!;
    const known = desk.work.get(id)!.knows.find((machine) => desk.free.includes(machine));
    place(desk, id, known ?? desk.free[0]!, now);
  }
};

const release = (desk: Desk, id: string): void => {
  for (const next of desk.countdown.release(id)) if (!desk.begun.has(next)) makeReady(desk, next);
};

/**
 * Places all work on machines as the planner would, `order` being what presses most first. Without a machine nothing is
 * placed. `gates` are those among the dependencies. Throws `plan/cycle`.
 */
export const distribute = (
  all: readonly Work[],
  machines: readonly string[],
  order: readonly string[],
  gates: Dependencies = new Map(),
): Distribution => {
  const graph: Dependencies = new Map([...all.map((one) => [one.id, one.dependencies] as const), ...gates]);
  const work = new Map(all.map((one) => [one.id, one]));
  const critical = criticalPath(graph, (id) => work.get(id)!.duration);
  const position = new Map(machines.map((machine, i) => [machine, i]));
  const desk: Desk = {
    work,
    rank: new Map(order.map((id, i) => [id, i])),
    countdown: makeCountdown(graph),
    ready: new Map(),
    free: machines,
    begun: new Set(),
    busy: makeHeap<Placed>((a, b) => a.end - b.end || position.get(a.machine)! - position.get(b.machine)!),
    items: [],
  };
  for (const { id, begun, on } of all) if (begun && on !== null && desk.free.includes(on)) place(desk, id, on, 0);
  for (const id of desk.countdown.first) if (!desk.begun.has(id)) makeReady(desk, id);
  hand(desk, 0);
  let now = 0;
  for (let next = desk.busy.pop(); next; next = desk.busy.pop()) {
    const { machine } = next;
    now = next.end;
    desk.free = machines.filter((one) => one === machine || desk.free.includes(one));
    release(desk, next.id);
    if (desk.busy.peek()?.end !== now) hand(desk, now);
  }
  return { items: desk.items, length: now, critical };
};
