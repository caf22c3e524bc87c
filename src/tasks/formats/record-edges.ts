import { cycles, cycleText } from '../graph.ts';
import { addEdges, type Edges, makeEdges, needsOf } from '../order/edges.ts';
import type { Warning } from '../spec/spec-entries.ts';
import type { ParsedTask } from '../spec/spec-tasks.ts';

/** The ids around a record, the nearest first. */
export type Chain = (id: string) => readonly string[];

/** Circles of parents end where they close. */
export const chainsOf = (records: readonly { readonly id: string; readonly parent: string | null }[]): Chain => {
  const parents = new Map(records.map(({ id, parent }) => [id, parent]));
  return (id) => {
    const chain = new Set<string>();
    for (let up = parents.get(id) ?? null; up !== null && up !== id && !chain.has(up); up = parents.get(up) ?? null)
      chain.add(up);
    return [...chain];
  };
};

/** The leaves in each record that has others in it. */
const leavesBelow = (leaves: readonly ParsedTask[], chain: Chain): ReadonlyMap<string, readonly string[]> => {
  const below = new Map<string, string[]>();
  for (const { number } of leaves)
    for (const up of chain(number)) {
      const list = below.get(up);
      if (list) list.push(number);
      else below.set(up, [number]);
    }
  return below;
};

/** What each leaf waits for: what it says, and what those around it say. A record with others in it stands for these. */
export const edgesOf = (
  leaves: readonly ParsedTask[],
  needs: ReadonlyMap<string, readonly string[]>,
  chain: Chain,
): Edges => {
  const edges = makeEdges(leaves.map(({ number }) => number));
  const below = leavesBelow(leaves, chain);
  for (const { number } of leaves) {
    const around = chain(number);
    // What waits for itself is a circle, and is told as one.
    const wanted = (one: string): string[] =>
      (needs.get(one) ?? []).filter((need) => need === number || !around.includes(need));
    const leavesOf = (one: string): string[] => wanted(one).flatMap((need) => below.get(need) ?? [need]);
    if (wanted(number).includes(number)) edges.get(number)!.set(number, 'said');
    addEdges(edges, [number], leavesOf(number), 'said');
    for (const up of around) addEdges(edges, [number], leavesOf(up), 'parent');
  }
  return edges;
};

/** Takes circles out in which everything is done: nobody waits there any more. */
export const withoutDoneCircles = (edges: Edges, leaves: readonly ParsedTask[], warnings: Warning[]): void => {
  const byNumber = new Map(leaves.map((leaf) => [leaf.number, leaf]));
  for (const circle of cycles(needsOf(edges))) {
    if (circle.some((id) => byNumber.get(id)?.state !== 'done')) continue;
    for (const id of circle) for (const need of circle) edges.get(id)!.delete(need);
    const message = `${cycleText(circle)} are done and waited for each other: that is left out`;
    warnings.push({ line: byNumber.get(circle[0]!)!.line, message });
  }
};

/** Prerequisites that will not come: nobody does what is cancelled. */
export const deadEnds = (
  leaves: readonly ParsedTask[],
  edges: Edges,
  isCancelled: (id: string) => boolean,
): Warning[] =>
  leaves.flatMap(({ number, line, state }) =>
    [...edges.get(number)!.keys()]
      .filter((need) => state !== 'done' && isCancelled(need))
      .map((need) => ({ line, message: `task ${number} waits for ${need}, which is cancelled` })),
  );
