import { oneLine } from '../../lib/text.ts';
import type { TaskPlan } from '../../state/tasks.ts';
import { type Mistake, taskIdSchema } from '../items/item.ts';
import { finishEdges } from '../order/finish-edges.ts';
import type { MoreOfTask, PlanReading } from '../spec/import-spec.ts';
import type { Warning } from '../spec/spec-entries.ts';
import type { ParsedTask } from '../spec/spec-tasks.ts';
import { type JsonNode, textIn } from './json-source.ts';
import { chainsOf, deadEnds, edgesOf, withoutDoneCircles } from './record-edges.ts';

/** A task of a plan that is made of records. */
export type PlanRecord = {
  readonly id: string;
  readonly title: string;
  /** 1-based. */
  readonly line: number;
  readonly parent: string | null;
  /** Ids that it waits for. */
  readonly needs: readonly string[];
  readonly state: RecordState;
  /** The place of its state, with what is written there when it is done; null where it says none. */
  readonly mark: { readonly node: JsonNode; readonly tick: string } | null;
  readonly description: string;
  readonly details: readonly string[];
  readonly plan: Partial<TaskPlan>;
};

/** `blocked` is what a person calls a task: it is open when what it waits for tells why. */
export type RecordState = 'open' | 'in-progress' | 'done' | 'cancelled' | 'held' | 'blocked';

export type ReadRecords = {
  readonly records: readonly PlanRecord[];
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Warning[];
};

type Family = { readonly parents: ReadonlySet<string>; readonly topOf: (id: string) => string };

/** A record as a task of a plan. Said more than once it is done when all of them say so, and all of them are ticked. */
const parsedOf = (record: PlanRecord, again: readonly PlanRecord[], { parents, topOf }: Family): ParsedTask => {
  const { id, state, line } = record;
  const isLeaf = !parents.has(id);
  const all = [record, ...again];
  const isDone = all.every((one) => one.state === 'done');
  return {
    number: id,
    title: record.title,
    details: isLeaf ? record.details : [record.description].filter(Boolean),
    requirements: [],
    allRequirements: false,
    depends: record.needs,
    saysOrder: true,
    state: isDone ? 'done' : state === 'in-progress' ? 'in-progress' : 'open',
    optional: false,
    parallel: false,
    line,
    boxes: all.flatMap((one) =>
      one.mark ? [{ ...placeOf(one.mark.node), tick: one.mark.tick, line: one.line, done: one.state === 'done' }] : [],
    ),
    times: 1,
    parent: record.parent,
    group: topOf(id),
    leaf: isLeaf,
    sections: [],
  };
};

const placeOf = ({ offset, length }: JsonNode): { at: number; length: number } => ({ at: offset, length });

const idMistakes = (records: readonly PlanRecord[]): Mistake[] =>
  records
    .filter(({ id }) => !taskIdSchema.safeParse(id).success)
    .map(({ id, line }) => ({
      line,
      message: `“${oneLine(id)}” cannot be the id of a task`,
      fix: 'Letters, digits, dots, hyphens and underscores, at most 64.',
    }));

type Named = { readonly records: readonly PlanRecord[]; readonly again: ReadonlyMap<string, readonly PlanRecord[]> };

/** Gives every record an id and a title of its own. One with the id and title of an earlier one is the same, said again. */
const named = (records: readonly PlanRecord[], warnings: Warning[]): Named => {
  const first = new Map<string, PlanRecord>();
  const again = new Map<string, PlanRecord[]>();
  const taken = new Set(records.map(({ id }) => id));
  const list = records.flatMap((record): PlanRecord[] => {
    const { id, line } = record;
    if (record.title === '') warnings.push({ line, message: `task ${id} has no title` });
    const titled = record.title === '' ? { ...record, title: `Task ${id}` } : record;
    const before = first.get(id);
    if (!before) first.set(id, titled);
    if (!before) return [titled];
    const where = `task ${id} is there already in line ${before.line}`;
    if (before.title === titled.title) {
      again.set(id, [...(again.get(id) ?? []), titled]);
      warnings.push({ line, message: `${where} with the same title: both are read as one`, rule: 'duplicate-task' });
      return [];
    }
    let count = 2;
    while (taken.has(`${id}-${count}`)) count += 1;
    taken.add(`${id}-${count}`);
    warnings.push({ line, message: `${where}, so this one is called ${id}-${count}`, rule: 'duplicate-task' });
    return [{ ...titled, id: `${id}-${count}` }];
  });
  return { records: list, again };
};

/** What is read of a plan that is made of records. */
export const readingOf = (read: ReadRecords, form: string): PlanReading => {
  const warnings = [...read.warnings];
  const { records, again } = named(read.records, warnings);
  const chain = chainsOf(records);
  const topOf = (id: string): string => chain(id).at(-1) ?? id;
  const parents = new Set(records.flatMap(({ parent }) => parent ?? []));
  const tasks = records.map((record) => parsedOf(record, again.get(record.id) ?? [], { parents, topOf }));
  const leaves = tasks.filter(({ leaf }) => leaf);
  const said = edgesOf(leaves, new Map(records.map(({ id, needs }) => [id, needs])), chain);
  withoutDoneCircles(said, leaves, warnings);
  const states = new Map(records.map(({ id, state }) => [id, state]));
  const isCancelled = (id: string): boolean => states.get(id) === 'cancelled';
  const cancelled = leaves.map(({ number }) => number).filter(isCancelled);
  const edges = finishEdges(said, leaves, new Set(cancelled));
  const groups = records
    .filter(({ id, parent }) => parents.has(id) && parent === null)
    .map(({ id, title, line }) => ({
      number: id,
      title,
      line,
      tasks: leaves.filter(({ group }) => group === id).map(({ number }) => number),
    }));
  const isHeld = ({ id, state }: PlanRecord): boolean =>
    state === 'held' ||
    (state === 'blocked' && [...(edges.get(id)?.keys() ?? [])].every((need) => states.get(need) === 'done'));
  warnings.push(...deadEnds(leaves, edges, isCancelled));
  const inLeaves = records.filter(({ id }) => !parents.has(id));
  const more = new Map<string, MoreOfTask>(inLeaves.map(({ id, description, plan }) => [id, { description, plan }]));
  return {
    parsed: {
      title: null,
      groups,
      tasks,
      given: true,
      graph: null,
      warnings,
      mistakes: [...read.mistakes, ...idMistakes(records)].toSorted((a, b) => a.line - b.line),
    },
    order: { edges, from: 'words', contradicted: [] },
    more,
    cancelled,
    held: inLeaves.filter(isHeld).map(({ id }) => id),
    form,
  };
};

/** Those texts of a record that it has. */
export const textsIn = (node: JsonNode, names: readonly string[]): string[] =>
  names.map((name) => textIn(node, name)).filter((text) => text !== '');
