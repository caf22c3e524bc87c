import type { ParsedTask } from '../spec/spec-tasks.ts';
import type { TaskGraph } from '../spec/task-graph.ts';
import { addEdges, type Edges } from './edges.ts';
import { kindOf } from './kind.ts';
import { isTopLevel } from './kiro.ts';
import { leavesBelow } from './said.ts';

/** What the graph of a plan says, as far as its tasks are there. */
type GraphReading = {
  /** The wave of each leaf that it names, 0 for the first one. */
  readonly waveOf: ReadonlyMap<string, number>;
  /** Numbers that are no task of the plan. */
  readonly unknown: readonly string[];
  /** Leaves that it has in two waves: the first one counts. */
  readonly repeated: readonly string[];
};

/** Lays the graph onto the leaves; a parent stands for those below it that no wave names. */
export const readWaves = (graph: TaskGraph, leaves: readonly ParsedTask[]): GraphReading => {
  const below = leavesBelow(leaves);
  const known = new Set(leaves.map(({ number }) => number));
  const named = new Set(graph.waves.flat());
  const waveOf = new Map<string, number>();
  const unknown: string[] = [];
  const repeated: string[] = [];
  const members = graph.waves.flatMap((numbers, wave) => numbers.map((number) => ({ number, wave })));
  for (const { number, wave } of members) {
    const parts = known.has(number) ? [number] : below.get(number)?.filter((leaf) => !named.has(leaf));
    if (!parts) unknown.push(number);
    for (const leaf of parts ?? [])
      if (waveOf.has(leaf)) repeated.push(leaf);
      else waveOf.set(leaf, wave);
  }
  return { waveOf, unknown, repeated };
};

/** Leaves that the graph leaves out, of which a checkpoint is none: Kiro never has them in a wave. */
export const forgottenBy = ({ waveOf }: GraphReading, leaves: readonly ParsedTask[]): readonly ParsedTask[] =>
  leaves.filter((leaf) => !waveOf.has(leaf.number) && kindOf(leaf, isTopLevel(leaf)) !== 'checkpoint');

type Placed = { readonly leaf: ParsedTask; readonly level: number; readonly isCheckpoint: boolean };

/**
 * Where each leaf stands: in its wave, and one that is in none half a wave behind what is before it in the file, a checkpoint
 * behind everything, another one behind its group.
 */
const placesOf = (waveOf: ReadonlyMap<string, number>, leaves: readonly ParsedTask[]): Placed[] => {
  const placed: Placed[] = [];
  let highest = -1;
  const ofGroup = new Map<string, number>();
  for (const leaf of leaves) {
    const wave = waveOf.get(leaf.number);
    const isCheckpoint = wave === undefined && kindOf(leaf, isTopLevel(leaf)) === 'checkpoint';
    const level = wave ?? Math.floor(isCheckpoint ? highest : (ofGroup.get(leaf.group) ?? highest)) + 0.5;
    highest = Math.max(highest, level);
    ofGroup.set(leaf.group, Math.max(ofGroup.get(leaf.group) ?? -1, level));
    placed.push({ leaf, level, isCheckpoint });
  }
  return placed;
};

const numbersOf = (places: readonly Placed[]): string[] => places.map(({ leaf }) => leaf.number);

/** A leaf in no wave waits for what is before it, and the next wave behind it in the file waits for a checkpoint. */
const addBetween = (to: Edges, places: readonly Placed[], index: number): void => {
  const { leaf, level, isCheckpoint } = places[index]!;
  const before = places.slice(0, index);
  const from = before.findLastIndex((one) => one.isCheckpoint);
  const section = isCheckpoint
    ? before.slice(Math.max(0, from))
    : before.filter((one) => one.leaf.group === leaf.group && !one.isCheckpoint && one.level < level);
  const since = section.length > 0 ? section : before.filter((one) => Math.ceil(one.level) === Math.floor(level));
  addEdges(to, [leaf.number], numbersOf(since.filter((one) => one.level <= level)), 'between');
  if (!isCheckpoint) return;
  const next = places.slice(index + 1).filter((one) => one.level > level);
  const nearest = next.reduce((least, one) => Math.min(least, one.level), Number.POSITIVE_INFINITY);
  addEdges(to, numbersOf(next.filter((one) => one.level === nearest)), [leaf.number], 'between');
};

/** Everything of a wave waits for everything of the wave before it; answers with the level at which each leaf stands. */
export const addGraphOrder = (
  to: Edges,
  graph: TaskGraph,
  leaves: readonly ParsedTask[],
): ReadonlyMap<string, number> => {
  const { waveOf } = readWaves(graph, leaves);
  const places = placesOf(waveOf, leaves);
  const waves = [...Map.groupBy(places, ({ level }) => level)]
    .filter(([level]) => Number.isInteger(level))
    .toSorted(([a], [b]) => a - b)
    .map(([, wave]) => numbersOf(wave));
  for (const [index, wave] of waves.entries()) if (index > 0) addEdges(to, wave, waves[index - 1]!, 'graph');
  for (const [index, { level }] of places.entries()) if (!Number.isInteger(level)) addBetween(to, places, index);
  return new Map(places.map(({ leaf, level }) => [leaf.number, level]));
};
