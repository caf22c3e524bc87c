import type { OrderRule } from '../../state/specs.ts';
import { isGate } from '../gates.ts';
import { rootOf } from '../spec/number.ts';
import type { ParsedTask } from '../spec/spec-tasks.ts';
import { addEdges, type Edges, type GrowingList, makeGrowingList } from './edges.ts';
import { type Kind, kindOf, namesFile } from './kind.ts';
import { addSequence } from './neighbours.ts';

/** A leaf as the policy looks at it. */
export type OrderLeaf = {
  readonly number: string;
  readonly group: string;
  readonly kind: Kind;
  readonly namesFile: boolean;
  /** It is for all requirements. */
  readonly isForAll: boolean;
  /** The plan says that it may run beside its neighbours. */
  readonly parallel: boolean;
};

type Group = readonly OrderLeaf[];

/** What the tasks so far mean for the next ones. A section is what stands between two checkpoints. */
type Course = {
  readonly edges: Edges;
  /** Whether tasks for “All requirements” wait for all before them. */
  readonly barrier: boolean;
  /** The checkpoint that began this section. */
  checkpoint: Group;
  section: OrderLeaf[];
  /** The last group of the section with work in it. */
  worked: Group;
  /** What that group, and those that stand beside it, waited for. */
  before: Group;
  /** The section as far as it has come. */
  passed: GrowingList;
  /** Tests that stand before any work of the section. */
  early: GrowingList;
  /** Tests that show the mistake, in a plan that mends one. */
  readonly proofs: GrowingList | null;
};

const isProof = ({ kind }: OrderLeaf): boolean => kind === 'exploration' || kind === 'preservation';
const isTest = (leaf: OrderLeaf): boolean => leaf.kind === 'test' || isProof(leaf);
const isWork = (leaf: OrderLeaf): boolean => !isTest(leaf);

const wait = (to: Course, of: Group, on: Group, rule: OrderRule): void =>
  addEdges(
    to.edges,
    of.map(({ number }) => number),
    on.map(({ number }) => number),
    rule,
  );

const isParallel = (group: Group): boolean => group.length > 0 && group.every(({ parallel }) => parallel);

/** A task that names no file waits for the first one of its sort in its group, if that one names a file. */
const addOpener = (to: Course, leaf: OrderLeaf, before: Group): void => {
  const opener = before.find((other) => isTest(other) === isTest(leaf));
  if (opener?.namesFile && !leaf.namesFile) wait(to, [leaf], [opener], 'no-file');
};

/** The neighbours of a leaf that stand before it in its group. */
type Before = { readonly all: OrderLeaf[]; readonly work: GrowingList };

const addLeaf = (to: Course, leaf: OrderLeaf, before: Before): void => {
  const { edges } = to;
  const own = [leaf.number];
  if (to.barrier && leaf.isForAll) addEdges(edges, own, to.passed.needs(), 'barrier');
  if (isTest(leaf)) {
    addEdges(edges, own, before.work.needs(), 'test');
    if (isProof(leaf)) to.proofs?.push(leaf.number);
  } else {
    addEdges(edges, own, to.proofs?.needs() ?? [], 'bugfix');
    addEdges(edges, own, to.early.needs(), 'tests-first');
    before.work.push(leaf.number);
  }
  addOpener(to, leaf, before.all);
  before.all.push(leaf);
  if (to.barrier) to.passed.push(leaf.number);
};

const addCheckpoint = (to: Course, group: Group): void => {
  wait(to, group, to.section, 'checkpoint');
  to.checkpoint = group;
  to.section = [];
  to.worked = [];
  to.before = [];
  to.early = makeGrowingList(to.edges, 'tests-first');
  to.passed = makeGrowingList(to.edges, 'barrier');
};

const addGroup = (to: Course, group: Group): void => {
  wait(to, group, to.checkpoint, 'checkpoint');
  if (group[0]!.kind === 'checkpoint') {
    addCheckpoint(to, group);
    return;
  }
  // Groups that the plan marks as parallel stand beside each other.
  const isBeside = isParallel(group) && isParallel(to.worked);
  const after = isBeside ? to.before : to.worked;
  const hasWork = group.some(isWork);
  wait(to, group, after.filter(isWork), 'group');
  if (!hasWork) wait(to, group, after.filter(isTest), 'test-group');
  const before: Before = { all: [], work: makeGrowingList(to.edges, 'test') };
  for (const leaf of group) addLeaf(to, leaf, before);
  if (hasWork) {
    to.before = after;
    to.worked = isBeside ? [...to.worked, ...group] : group;
  } else if (to.worked.length === 0) for (const { number } of group) to.early.push(number);
  to.section.push(...group);
};

/** Neighbours of one group; a checkpoint stands for itself wherever it is. */
const groupsOf = (leaves: readonly OrderLeaf[]): Group[] => {
  const groups: OrderLeaf[][] = [];
  for (const leaf of leaves) {
    const last = groups.at(-1);
    const isSame = last?.[0]?.group === leaf.group && leaf.kind !== 'checkpoint' && last[0].kind !== 'checkpoint';
    if (isSame) last.push(leaf);
    else groups.push([leaf]);
  }
  return groups;
};

/** Whether a task stands in no other one. */
export const isTopLevel = ({ number }: Pick<ParsedTask, 'number'>): boolean => rootOf(number) === number;

/** The leaves of a plan for the policy. In a plan that is one single group with groups in it these are the groups. */
export const orderLeaves = (tasks: readonly ParsedTask[]): OrderLeaf[] => {
  const isDeep = tasks.some(({ number }) => number.split('.').length > 2);
  const isOne = isDeep && tasks.every((task) => task.group === tasks[0]!.group);
  return tasks.map((task) => ({
    number: task.number,
    group: isOne ? task.number.split('.').slice(0, 2).join('.') : task.group,
    kind: kindOf(task, isTopLevel(task)),
    namesFile: namesFile(task),
    isForAll: task.allRequirements,
    parallel: task.parallel,
  }));
};

/** Waves as Kiro makes them: each task in the earliest one it can be in, and a wave begins when the one before is done. */
const addWaves = (edges: Edges, leaves: readonly OrderLeaf[]): void => {
  const waves: string[][] = [];
  const waveOf = new Map<string, number>();
  /** The last wave of those that open a gate, which stand before whoever waits for it. */
  const waveIn = (need: string): number => {
    const known = waveOf.get(need);
    if (known !== undefined || !isGate(need)) return known ?? -1;
    const last = [...edges.get(need)!.keys()].reduce((most, one) => Math.max(most, waveOf.get(one) ?? -1), -1);
    waveOf.set(need, last);
    return last;
  };
  for (const { number } of leaves) {
    let wave = 0;
    for (const need of edges.get(number)!.keys()) wave = Math.max(wave, waveIn(need) + 1);
    waveOf.set(number, wave);
    const others = waves[wave];
    if (others) others.push(number);
    else waves[wave] = [number];
  }
  for (const [index, wave] of waves.entries()) if (index > 0) addEdges(edges, wave, waves[index - 1]!, 'wave');
};

/**
 * The order of a plan that has no graph, as Kiro would make it. Checkpoints wait for everything before them, and everything
 * after waits for them. Between them groups are done in order and the tasks of a group together; a test waits for the work
 * before it in its group, and the next group waits for the work and not for the tests. Every edge but those between waves
 * points forward in the list, and what is in `edges` already does so too.
 */
export const addKiroOrder = (
  edges: Edges,
  leaves: readonly OrderLeaf[],
  options: { readonly barrier: boolean; readonly waves: boolean },
): void => {
  const isBugfix = leaves.some(({ kind }) => kind === 'exploration');
  const course: Course = {
    edges,
    barrier: options.barrier,
    checkpoint: [],
    section: [],
    worked: [],
    before: [],
    passed: makeGrowingList(edges, 'barrier'),
    early: makeGrowingList(edges, 'tests-first'),
    proofs: isBugfix ? makeGrowingList(edges, 'bugfix') : null,
  };
  for (const one of groupsOf(leaves)) addGroup(course, one);
  if (leaves.some(({ parallel }) => parallel))
    for (const one of Map.groupBy(leaves, ({ group }) => group).values()) addSequence(edges, one, true);
  if (options.waves) addWaves(edges, leaves);
};
