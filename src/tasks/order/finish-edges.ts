import { isGate } from '../gates.ts';
import type { ParsedTask } from '../spec/spec-tasks.ts';
import { type Edges, gatesIn } from './edges.ts';
import { addThroughTicked } from './ticked.ts';

/**
 * The edges as a plan of any format is done by them: through what is ticked, and each list in the order of the plan. Nobody
 * waits for what is cancelled by way of a ticked task: that was done without it.
 */
export const finishEdges = (
  edges: Edges,
  leaves: readonly ParsedTask[],
  cancelled: ReadonlySet<string> = new Set(),
): Edges => {
  const ticked = new Set(leaves.filter(({ state }) => state === 'done').map(({ number }) => number));
  addThroughTicked(edges, ticked, cancelled);
  const position = new Map(leaves.map((leaf, index) => [leaf.number, index]));
  const at = (id: string): number => position.get(id) ?? leaves.length;
  const asked = gatesIn(edges);
  return new Map(
    [...edges]
      .filter(([id]) => !isGate(id) || asked.has(id))
      .map(([id, needs]) => [
        id,
        isGate(id)
          ? new Map(asked.get(id)!.map((need) => [need, needs.get(need) ?? 'ticked']))
          : new Map([...needs].toSorted(([a], [b]) => at(a) - at(b))),
      ]),
  );
};
