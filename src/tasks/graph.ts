import { planCycle } from './errors.ts';
import { isGate } from './gates.ts';
import { sortedIds } from './spec/number.ts';

/** What each task waits for. The order of the keys is the order of the plan; ids that are no key count as met. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/** The other direction: who waits for a task. */
export const dependantsIn = (graph: Dependencies): Map<string, string[]> => {
  const dependants = new Map<string, string[]>([...graph.keys()].map((id) => [id, []]));
  for (const [id, needs] of graph) for (const need of new Set(needs)) dependants.get(need)?.push(id);
  return dependants;
};

/**
 * Prerequisites first, otherwise in the order of the keys. Where tasks wait for each other the order is broken
 * somewhere in their circle: whoever must not meet that asks `topologicalOrder`.
 */
export const looseOrder = (graph: Dependencies): string[] => {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const root of graph.keys()) {
    // A stack of our own: ten thousand tasks in a row would be too deep for recursion.
    const stack: { id: string; next: number }[] = seen.has(root) ? [] : [{ id: root, next: 0 }];
    seen.add(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const need = graph.get(top.id)![top.next];
      top.next += 1;
      if (need === undefined) {
        order.push(top.id);
        stack.pop();
      } else if (graph.has(need) && !seen.has(need)) {
        seen.add(need);
        stack.push({ id: need, next: 0 });
      }
    }
  }
  return order;
};

/** Counts down what tasks wait for, and says which become free. */
type Countdown = {
  /** Tasks that wait for nothing. */
  readonly first: readonly string[];
  /** The tasks that become free when one is done, with those behind the gates that it is the last to open. */
  release(id: string): readonly string[];
  /** What waits still, gates among it. */
  left(): readonly string[];
};

export const makeCountdown = (graph: Dependencies): Countdown => {
  const dependants = dependantsIn(graph);
  const missing = new Map([...graph].map(([id, needs]) => [id, new Set(needs.filter((need) => graph.has(need))).size]));
  const releaseAll = (ids: readonly string[]): string[] => {
    const ended = [...ids];
    const free: string[] = [];
    for (const id of ended)
      for (const dependant of dependants.get(id)!) {
        const count = missing.get(dependant)! - 1;
        missing.set(dependant, count);
        if (count === 0) (isGate(dependant) ? ended : free).push(dependant);
      }
    return free;
  };
  const waitForNothing = [...graph.keys()].filter((id) => missing.get(id) === 0);
  const behindGates = releaseAll(waitForNothing.filter(isGate));
  return {
    first: [...waitForNothing.filter((id) => !isGate(id)), ...behindGates],
    release: (id) => releaseAll([id]),
    left: () => [...missing].filter(([, count]) => count > 0).map(([id]) => id),
  };
};

/** Rounds of tasks, each free to run together once the rounds before are done; `left` are those stuck behind a circle. */
const rounds = (graph: Dependencies): { rounds: string[][]; left: Set<string> } => {
  const countdown = makeCountdown(graph);
  const position = new Map([...graph.keys()].map((id, index) => [id, index]));
  const found: string[][] = [];
  const inOrder = (ids: readonly string[]): string[] => ids.toSorted((a, b) => position.get(a)! - position.get(b)!);
  let round = inOrder(countdown.first);
  while (round.length > 0) {
    found.push(round);
    round = inOrder(round.flatMap((id) => countdown.release(id)));
  }
  return { rounds: found, left: new Set(countdown.left()) };
};

/** Circles of tasks that wait for each other; empty when there is none, else at least one that has to be broken. */
export const cycles = (graph: Dependencies): string[][] => {
  const { left } = rounds(graph);
  const found: string[][] = [];
  const walked = new Set<string>();
  for (const root of left) {
    const path = new Map<string, number>();
    let id: string | undefined = root;
    // Each task that is left waits for another one that is left, so that the walk ends in a circle.
    while (id !== undefined && !walked.has(id)) {
      walked.add(id);
      path.set(id, path.size);
      id = graph.get(id)!.find((need) => left.has(need));
    }
    const start = id === undefined ? undefined : path.get(id);
    if (start !== undefined) found.push([...path.keys()].slice(start).filter((one) => !isGate(one)));
  }
  return found;
};

/** `a → b → a`: each waits for the next. */
export const cycleText = (cycle: readonly string[]): string => [...cycle, cycle[0]].join(' → ');

/** Rejects a graph in which tasks wait for each other, by the name of the circle. */
export const refuseCycles = (graph: Dependencies): void => {
  const [cycle] = cycles(graph);
  if (cycle) throw planCycle({ cycle: cycleText(cycle) });
};

/** Prerequisites first, otherwise in the order of the plan. Throws `plan/cycle`. */
export const topologicalOrder = (graph: Dependencies): string[] => {
  refuseCycles(graph);
  return looseOrder(graph);
};

/** Which tasks can run together, round after round. Those that are `done` are met and left out. Throws `plan/cycle`. */
export const waves = (graph: Dependencies, done: Iterable<string> = []): string[][] => {
  refuseCycles(graph);
  const met = new Set(done);
  return rounds(new Map([...graph].filter(([id]) => !met.has(id)))).rounds;
};

/** Weight of the heaviest chain that begins with a task and leads through those that wait for it, by task. */
export const remainingPath = (graph: Dependencies, weight: (id: string) => number): Map<string, number> => {
  const dependants = dependantsIn(graph);
  const remaining = new Map<string, number>();
  for (const id of looseOrder(graph).toReversed()) {
    let after = 0;
    for (const dependant of dependants.get(id)!) after = Math.max(after, remaining.get(dependant) ?? 0);
    remaining.set(id, (isGate(id) ? 0 : weight(id)) + after);
  }
  return remaining;
};

/** The chain that takes longest, which no number of instances makes shorter. Throws `plan/cycle`. */
export const criticalPath = (
  graph: Dependencies,
  duration: (id: string) => number,
): { readonly length: number; readonly path: readonly string[] } => {
  refuseCycles(graph);
  const remaining = remainingPath(graph, duration);
  const dependants = dependantsIn(graph);
  const longest = (ids: Iterable<string>): string | undefined => {
    let best: string | undefined;
    for (const id of ids) if (best === undefined || remaining.get(id)! > remaining.get(best)!) best = id;
    return best;
  };
  const path: string[] = [];
  for (let id = longest(graph.keys()); id !== undefined; id = longest(dependants.get(id)!)) path.push(id);
  return { length: path[0] === undefined ? 0 : remaining.get(path[0])!, path: path.filter((id) => !isGate(id)) };
};

/** The order in which the branches of these tasks are merged: prerequisites first, also through tasks in between, then by number. */
export const mergeOrder = (ids: Iterable<string>, graph: Dependencies): string[] => {
  const wanted = new Set(ids);
  const all = new Set([...graph.keys(), ...wanted]);
  const sorted = sortedIds([...all]).map((id) => [id, graph.get(id) ?? []] as const);
  return topologicalOrder(new Map(sorted)).filter((id) => wanted.has(id));
};
