import type { Mistake } from '../items/item.ts';
import { ancestors, rootOf } from './number.ts';
import type { Warning } from './spec-entries.ts';
import { linesOf } from './spec-lines.ts';
import { resolveNames } from './spec-names.ts';
import { addLine, type Reading, type SpecDraft } from './spec-reading.ts';
import { rolesOf } from './spec-roles.ts';
import type { Mark, SpecTaskState } from './spec-task-line.ts';
import { readGraph, type TaskGraph } from './task-graph.ts';

/** A place that is ticked when a task is done. */
export type TaskBox = Mark & { readonly line: number; readonly done: boolean };

/** A heading above a task. */
export type Section = { readonly level: number; readonly title: string };

/** One numbered entry of a plan. Those that have others below them are not work themselves: `leaf` is false. */
export type ParsedTask = {
  readonly number: string;
  readonly title: string;
  readonly details: readonly string[];
  readonly requirements: readonly string[];
  readonly allRequirements: boolean;
  /** Numbers it names as its prerequisites. */
  readonly depends: readonly string[];
  /** Whether it says what it depends on, if only that it is nothing. */
  readonly saysOrder: boolean;
  /** Patterns of files that it claims, where it says so. */
  readonly files?: readonly string[];
  readonly state: SpecTaskState;
  readonly optional: boolean;
  readonly parallel: boolean;
  /** 1-based. */
  readonly line: number;
  /** All boxes that are ticked when it is done: its own and those of its steps. */
  readonly boxes: readonly TaskBox[];
  /** How often the plan has it. */
  readonly times: number;
  readonly parent: string | null;
  /** Number of the group it belongs to: of its topmost ancestor, which may be itself. */
  readonly group: string;
  readonly leaf: boolean;
  /** The headings it stands under, the nearest last. */
  readonly sections: readonly Section[];
};

/** A top-level entry with the leaves in it, itself if it is one. */
type ParsedGroup = {
  readonly number: string;
  readonly title: string;
  readonly line: number;
  readonly tasks: readonly string[];
};

/** A plan as far as it can be read, with what only its author can decide. */
export type ParsedPlan = {
  readonly title: string | null;
  readonly groups: readonly ParsedGroup[];
  /** Every numbered entry, groups too, in the order of the file. */
  readonly tasks: readonly ParsedTask[];
  /** Whether the plan numbers its tasks; else they are numbered as they stand. */
  readonly given: boolean;
  /** Kiro's own order of it; null when it has none. */
  readonly graph: TaskGraph | null;
  readonly warnings: readonly Warning[];
  readonly mistakes: readonly Mistake[];
};

/** A heading without a box is as far as its steps are, and a line that is there twice is done when both say so. */
const stateOf = ({ head, steps, again }: SpecDraft): SpecTaskState => {
  if (!head) return 'open';
  const own = head.state ?? 'open';
  if (head.heading && head.box === null && steps.length > 0) {
    const ticked = steps.filter((step) => step.head.state === 'done').length;
    return ticked === steps.length ? 'done' : ticked > 0 ? 'in-progress' : own;
  }
  return own === 'done' && again.some((other) => other.state !== 'done') ? 'open' : own;
};

const boxesOf = ({ head, line, steps }: SpecDraft): TaskBox[] =>
  [...(head ? [{ head, line }] : []), ...steps].flatMap((one) =>
    one.head.box === null ? [] : [{ ...one.head.box, line: one.line.line, done: one.head.state === 'done' }],
  );

const tasksFrom = (drafts: ReadonlyMap<string, SpecDraft>): ParsedTask[] => {
  const above = new Map([...drafts.keys()].map((number) => [number, ancestors(number).filter((up) => drafts.has(up))]));
  const parents = new Set([...above.values()].flat());
  return [...drafts].map(([number, draft]) => ({
    number,
    title: draft.title || `Task ${number}`,
    details: draft.details,
    requirements: [...draft.requirements],
    allRequirements: draft.all,
    depends: [...draft.depends],
    saysOrder: draft.saysOrder,
    ...(draft.files ? { files: draft.files } : {}),
    state: stateOf(draft),
    optional: draft.head?.optional ?? false,
    parallel: draft.head?.parallel ?? false,
    line: draft.line.line,
    boxes: boxesOf(draft),
    times: 1 + draft.again.length,
    parent: above.get(number)?.[0] ?? null,
    group: above.get(number)?.at(-1) ?? rootOf(number),
    leaf: draft.head !== null && !parents.has(number),
    sections: draft.sections,
  }));
};

const groupsIn = (to: Reading, tasks: readonly ParsedTask[]): ParsedGroup[] => {
  const groups = new Map<string, ParsedGroup & { tasks: string[] }>();
  for (const task of tasks) {
    const own = to.drafts.get(task.group)?.title || undefined;
    const heading = to.headings.get(task.group);
    const title = own ?? heading?.title ?? to.drafts.get(task.number)?.sections.at(-1)?.title ?? `Task ${task.group}`;
    const group = groups.get(task.group) ?? { number: task.group, title, line: heading?.line ?? task.line, tasks: [] };
    groups.set(task.group, group);
    if (task.leaf) group.tasks.push(task.number);
  }
  return [...groups.values()];
};

const emptyReading = (file: string): Reading => ({
  file,
  title: null,
  sections: [],
  headings: new Map(),
  drafts: new Map(),
  warnings: [],
  mistakes: [],
  open: [],
  last: null,
  skipped: null,
});

/** What a drawing says that a task waits for, as if the task said it. */
const addNeeds = (draft: SpecDraft, needs: readonly string[]): void => {
  for (const need of needs) draft.depends.add(need);
  draft.saysOrder = true;
};

/** Reads a Kiro `tasks.md` and its relatives, whatever is wrong with it. Throws only when the file is no text. */
export const parseTasks = (text: string, file = 'tasks.md'): ParsedPlan => {
  const lines = linesOf(text);
  const { roles, given, warnings } = rolesOf(lines);
  const reading = emptyReading(file);
  for (const line of lines) addLine(reading, line, roles.get(line));
  resolveNames(reading);
  const found = readGraph(lines, new Set(reading.drafts.keys()));
  for (const [number, needs] of found.needs) addNeeds(reading.drafts.get(number)!, needs);
  const tasks = tasksFrom(reading.drafts);
  reading.mistakes.push(...found.mistakes);
  for (const { line, note } of found.notes) reading.warnings.push({ line, message: note, rule: 'unread-graph' });
  return {
    title: reading.title,
    groups: groupsIn(reading, tasks),
    tasks,
    given,
    graph: found.graph,
    warnings: [...reading.warnings, ...warnings].toSorted((a, b) => a.line - b.line),
    mistakes: reading.mistakes,
  };
};
