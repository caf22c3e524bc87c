import type { Policy } from '../../state/specs.ts';
import { isGate } from '../gates.ts';
import { cycles, looseOrder } from '../graph.ts';
import type { ParsedPlan, ParsedTask } from '../spec/spec-tasks.ts';
import { addEdges, type Edges, makeEdges } from './edges.ts';
import { finishEdges } from './finish-edges.ts';
import { addGraphOrder } from './graph-order.ts';
import { addKiroOrder, orderLeaves } from './kiro.ts';
import { addNeighbours } from './neighbours.ts';
import { saidNeeds, speakers } from './said.ts';

export type OrderOptions = { readonly policy: Policy; readonly barrier: boolean };

export type Order = {
  /** What each leaf waits for, done or not, in the order of the plan, with the rule that says so. */
  readonly edges: Edges;
  /** Where it comes from: the graph of the plan, what its tasks say, its phases, or the policy. */
  readonly from: 'graph' | 'words' | 'phases' | Policy;
  /** What the plan says and its graph contradicts: these were left out. */
  readonly contradicted: readonly { readonly number: string; readonly need: string }[];
};

type Ordered = Pick<ParsedPlan, 'tasks' | 'graph'>;

/** Leaves that wait, directly or not, for one of these: they cannot come before them. */
const behind = (edges: Edges, of: readonly string[]): Set<string> => {
  const dependants = new Map<string, string[]>();
  for (const [id, needs] of edges)
    for (const need of needs.keys()) {
      const list = dependants.get(need);
      if (list) list.push(id);
      else dependants.set(need, [id]);
    }
  const found = new Set(of);
  for (const id of found) for (const dependant of dependants.get(id) ?? []) found.add(dependant);
  return found;
};

/** Tasks for “All requirements” wait for all others and the others never for them, unless the plan says so. */
const addBarrier = (to: Edges, barriers: readonly string[]): void => {
  const after = behind(to, barriers);
  const others = [...to.keys()].filter((number) => !after.has(number) && !isGate(number));
  addEdges(to, barriers, others, 'barrier');
};

/** Leaves as they would stand if what the plan says had been respected in the file. */
const inOrder = (leaves: readonly ParsedTask[], said: ReadonlyMap<string, readonly string[]>): ParsedTask[] => {
  const byNumber = new Map(leaves.map((leaf) => [leaf.number, leaf]));
  return looseOrder(said).map((number) => byNumber.get(number)!);
};

const addKiro = (to: Edges, { tasks }: Ordered, list: readonly ParsedTask[], barrier: boolean): Order['from'] => {
  const speaking = speakers(tasks, list);
  const leaves = orderLeaves(list);
  if (speaking.size * 2 <= list.length) {
    addKiroOrder(to, leaves, { barrier, waves: true });
    return 'kiro';
  }
  // Most tasks say what they wait for, so that the policy speaks for the others alone.
  const found = makeEdges(to.keys());
  addKiroOrder(found, leaves, { barrier, waves: false });
  for (const [id, needs] of found) {
    if (isGate(id)) to.set(id, needs);
    else if (!speaking.has(id)) for (const [need, rule] of needs) addEdges(to, [id], [need], rule);
  }
  return 'words';
};

const addPolicy = (to: Edges, plan: Ordered, list: readonly ParsedTask[], options: OrderOptions): Order['from'] => {
  const { policy, barrier } = options;
  const isLast = (task: ParsedTask): boolean => barrier && task.allRequirements;
  if (policy === 'kiro') return addKiro(to, plan, list, barrier);
  if (policy !== 'none') addNeighbours(to, list, policy, isLast);
  addBarrier(
    to,
    list.filter(isLast).map(({ number }) => number),
  );
  return policy;
};

const addGraph = (
  to: Edges,
  { graph }: Ordered,
  leaves: readonly ParsedTask[],
  said: ReadonlyMap<string, readonly string[]>,
): Order['contradicted'] => {
  const levels = addGraphOrder(to, graph!, leaves);
  const position = new Map(leaves.map(({ number }, index) => [number, index]));
  const isLater = (need: string, number: string): boolean => {
    const [level, own] = [levels.get(need) ?? -1, levels.get(number)!];
    // Between two waves the file decides.
    return level > own || (level === own && !Number.isInteger(own) && position.get(need)! > position.get(number)!);
  };
  const contradicted: { number: string; need: string }[] = [];
  for (const [number, needs] of said)
    for (const need of needs)
      if (isLater(need, number)) contradicted.push({ number, need });
      else addEdges(to, [number], [need], 'said');
  return contradicted;
};

/**
 * What each leaf waits for. `kiro`: what the graph of the plan says; else what its tasks say; else as Kiro orders such plans.
 * `siblings`: the leaf before it in its top-level group; `strict`: the leaf before it in the plan; `none`: nothing but what
 * the plan or its graph says. What a plan says itself always counts, and what is ticked cuts nothing.
 */
export const orderOf = (plan: Ordered, options: OrderOptions): Order => {
  const leaves = plan.tasks.filter((task) => task.leaf);
  const edges = makeEdges(leaves.map((leaf) => leaf.number));
  const said = saidNeeds(plan.tasks, leaves);
  const hasGraph = plan.graph !== null && (options.policy === 'kiro' || options.policy === 'none');
  if (hasGraph && cycles(said).length === 0) {
    const contradicted = addGraph(edges, plan, leaves, said);
    return { edges: finishEdges(edges, leaves), from: 'graph', contradicted };
  }
  for (const [number, needs] of said) for (const need of needs) edges.get(number)!.set(need, 'said');
  const from = addPolicy(edges, plan, inOrder(leaves, said), options);
  return { edges: finishEdges(edges, leaves), from, contradicted: [] };
};
