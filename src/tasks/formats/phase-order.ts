import type { OrderRule } from '../../state/specs.ts';
import { isGate } from '../gates.ts';
import { addEdges, type Edges, makeEdges } from '../order/edges.ts';
import { finishEdges } from '../order/finish-edges.ts';
import { addSequence } from '../order/neighbours.ts';
import type { Order } from '../order/order.ts';
import { saidNeeds } from '../order/said.ts';
import type { ParsedPlan, ParsedTask } from '../spec/spec-tasks.ts';

/** The order that the list alone gives: a sequence in each phase, and each phase behind the one before it. */
const listOrder = (leaves: readonly ParsedTask[]): Edges => {
  const edges = makeEdges(leaves.map(({ number }) => number));
  let before: string[] = [];
  for (const phase of Map.groupBy(leaves, ({ group }) => group).values()) {
    addSequence(edges, phase, true);
    const numbers = phase.map(({ number }) => number);
    const first = numbers.filter((number) => edges.get(number)!.size === 0);
    addEdges(edges, first, before, 'phase');
    const waitedFor = new Set(numbers.flatMap((number) => [...edges.get(number)!.keys()]));
    before = numbers.filter((number) => !waitedFor.has(number));
  }
  return edges;
};

/** Whether a task waits, directly or not, for another one. */
const waitsFor = (edges: Edges, number: string, other: string): boolean => {
  const seen = new Set([number]);
  for (const one of seen) {
    if (one === other) return true;
    for (const need of edges.get(one)?.keys() ?? []) seen.add(need);
  }
  return false;
};

/** Adds what the list says where the tasks themselves do not say otherwise: what they say comes first. */
const addUncontradicted = (to: Edges, list: Edges): void => {
  const behind = (need: string): readonly string[] => (isGate(need) ? [...list.get(need)!.keys()] : [need]);
  for (const [number, needs] of list)
    for (const [one, rule] of isGate(number) ? [] : needs)
      for (const need of behind(one)) if (!waitsFor(to, need, number)) addEdges(to, [number], [need], rule);
};

/**
 * The order of a plan in phases: the phases one after the other, in each of them its tasks one after the other, those
 * marked to run beside their neighbours beside them, and what the tasks say themselves.
 */
export const phaseOrder = ({ tasks }: ParsedPlan): Order => {
  const leaves = tasks.filter(({ leaf }) => leaf);
  const list = listOrder(leaves);
  const edges = makeEdges(list.keys());
  const place = new Map(leaves.map(({ number }, index) => [number, index]));
  let isBackward = false;
  for (const [number, needs] of saidNeeds(tasks, leaves))
    for (const need of needs) {
      edges.get(number)!.set(need, 'said' satisfies OrderRule);
      isBackward ||= (place.get(need) ?? -1) > place.get(number)!;
    }
  if (isBackward) addUncontradicted(edges, list);
  else for (const [number, needs] of list) for (const [need, rule] of needs) addEdges(edges, [number], [need], rule);
  return { edges: finishEdges(edges, leaves), from: 'phases', contradicted: [] };
};
