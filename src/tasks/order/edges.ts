import type { OrderRule } from '../../state/specs.ts';
import { gateName, isGate } from '../gates.ts';

/**
 * What each task waits for, and the rule that says so. The first rule that gives a reason is kept. Gates are among the keys:
 * what a gate waits for, whoever waits for the gate waits for.
 */
export type Edges = Map<string, Map<string, OrderRule>>;

/** From so many pairs on a gate stands between those that wait and those that are waited for. */
const MOST_PAIRS = 1000;

/** A list that is waited for again and again is taken apart into gates when it is longer. */
export const LONG_LIST = 64;

/** The blocks that it is taken apart into: each task waits for few of them, whatever the length. */
const BLOCKS = [4096, 256, 16] as const;

export const makeEdges = (ids: Iterable<string>): Edges => new Map([...ids].map((id) => [id, new Map()]));

const addPairs = (to: Edges, of: readonly string[], on: readonly string[], rule: OrderRule): void => {
  for (const id of of) {
    const needs = to.get(id)!;
    for (const need of on) if (need !== id && !needs.has(need)) needs.set(need, rule);
  }
};

// Gates are found again by what is quickly said of those that open them.
const knownGates = new WeakMap<Edges, Map<string, string[]>>();

/** The gate that all of these open; the same tasks have one, whatever the rules are by which others wait for them. */
export const addGate = (to: Edges, on: readonly string[], rule: OrderRule): string => {
  const all = knownGates.get(to) ?? new Map<string, string[]>();
  knownGates.set(to, all);
  const key = `${on.length} ${on[0]} ${on.at(-1)}`;
  const alike = all.get(key) ?? [];
  const known = alike.find((gate) => on.every((need) => to.get(gate)!.has(need)));
  if (known !== undefined) return known;
  const gate = gateName(to.size);
  all.set(key, [...alike, gate]);
  to.set(gate, new Map(on.map((need) => [need, rule])));
  return gate;
};

/** Each of these tasks waits for each of those. */
export const addEdges = (to: Edges, of: readonly string[], on: readonly string[], rule: OrderRule): void => {
  const isMany = of.length > 1 && on.length > 1 && of.length * on.length > MOST_PAIRS;
  const overlaps = isMany && new Set([...of, ...on]).size < of.length + on.length;
  // Who is among those that are waited for cannot wait for itself by way of a gate.
  addPairs(to, of, isMany && !overlaps ? [addGate(to, on, rule)] : on, rule);
};

/**
 * What grows while tasks wait for all of it so far, one after the other: its blocks are gates, so that the edges do not become
 * the square of the tasks.
 */
export type GrowingList = {
  push(id: string): void;
  /** What stands for all that was pushed. */
  needs(): readonly string[];
};

export const makeGrowingList = (to: Edges, rule: OrderRule): GrowingList => {
  const all: string[] = [];
  const gates = new Map<string, string>();
  const blockGate = (from: number, length: number): string => {
    const key = `${from} ${length}`;
    const gate = gates.get(key) ?? addGate(to, all.slice(from, from + length), rule);
    gates.set(key, gate);
    return gate;
  };
  return {
    push: (id) => {
      all.push(id);
    },
    needs: () => {
      if (all.length <= LONG_LIST) return all;
      const found: string[] = [];
      let from = 0;
      for (const block of BLOCKS) for (; from + block <= all.length; from += block) found.push(blockGate(from, block));
      return [...found, ...all.slice(from)];
    },
  };
};

/** The same without the rules, for the functions on graphs. */
export const needsOf = (edges: Edges): Map<string, string[]> =>
  new Map([...edges].map(([id, needs]) => [id, [...needs.keys()]]));

/** The tasks behind what somebody waits for: a gate stands for those that open it, also by way of another gate. */
const membersOf = (edges: Edges, gate: string): readonly string[] => {
  const found = new Set([gate]);
  for (const id of found) if (isGate(id)) for (const need of edges.get(id)!.keys()) found.add(need);
  return [...found].filter((id) => !isGate(id));
};

/** The gates that somebody waits for, with the tasks that open them. */
export const gatesIn = (edges: Edges): ReadonlyMap<string, readonly string[]> => {
  const asked = new Set(
    [...edges].filter(([id]) => !isGate(id)).flatMap(([, needs]) => [...needs.keys()].filter(isGate)),
  );
  return new Map([...asked].map((gate) => [gate, membersOf(edges, gate)]));
};

/** How many edges there are, those of what is done included; a gate has one for each task that opens it or waits for it. */
export const countEdges = (edges: Edges): number => [...edges.values()].reduce((sum, needs) => sum + needs.size, 0);
