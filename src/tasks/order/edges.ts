import type { OrderRule } from '../../state/specs.ts';

/** What each task waits for, and the rule that says so. The first rule that gives a reason is kept. */
export type Edges = Map<string, Map<string, OrderRule>>;

export const makeEdges = (ids: Iterable<string>): Edges => new Map([...ids].map((id) => [id, new Map()]));

/** Each of these tasks waits for each of those. */
export const addEdges = (to: Edges, of: readonly string[], on: readonly string[], rule: OrderRule): void => {
  for (const id of of) {
    const needs = to.get(id)!;
    for (const need of on) if (need !== id && !needs.has(need)) needs.set(need, rule);
  }
};

/** The same without the rules, for the functions on graphs. */
export const needsOf = (edges: Edges): Map<string, string[]> =>
  new Map([...edges].map(([id, needs]) => [id, [...needs.keys()]]));

/** How many pairs of tasks there are of which one waits for the other, those that are done included. */
export const countEdges = (edges: Edges): number => [...edges.values()].reduce((sum, needs) => sum + needs.size, 0);
