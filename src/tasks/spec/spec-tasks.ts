import { duplicateNumber, missingNumber, noTasks } from '../errors.ts';
import { ancestors } from './number.ts';
import { linesOf } from './spec-lines.ts';
import { addLine, type Reading, type SpecDraft, type Warning } from './spec-reading.ts';
import type { SpecTaskState } from './spec-task-line.ts';

/** One numbered entry of a plan. Those that have others below them are not work themselves: `leaf` is false. */
export type ParsedTask = {
  readonly number: string;
  readonly title: string;
  readonly details: readonly string[];
  readonly requirements: readonly string[];
  readonly allRequirements: boolean;
  /** Numbers it names as its prerequisites. */
  readonly depends: readonly string[];
  readonly state: SpecTaskState;
  readonly optional: boolean;
  readonly parallel: boolean;
  /** 1-based. */
  readonly line: number;
  /** Index in the text of the character between the brackets; null when it has no box. */
  readonly box: number | null;
  readonly parent: string | null;
  /** Number of the group it belongs to: of its topmost ancestor, which may be itself. */
  readonly group: string;
  readonly leaf: boolean;
};

/** A top-level entry with the leaves in it, itself if it is one. */
export type ParsedGroup = {
  readonly number: string;
  readonly title: string;
  readonly line: number;
  readonly tasks: readonly string[];
};

export type ParsedPlan = {
  readonly title: string | null;
  readonly groups: readonly ParsedGroup[];
  /** Every numbered entry, groups too, in the order of the file. */
  readonly tasks: readonly ParsedTask[];
  readonly warnings: readonly Warning[];
};

const stateOf = ({ head, steps }: SpecDraft): SpecTaskState => {
  if (!head.heading || steps.all === 0) return head.state ?? 'open';
  return steps.ticked === steps.all ? 'done' : steps.ticked > 0 ? 'in-progress' : (head.state ?? 'open');
};

const resolved = (drafts: ReadonlyMap<string, SpecDraft>): ParsedTask[] => {
  const above = new Map([...drafts.keys()].map((number) => [number, ancestors(number).filter((up) => drafts.has(up))]));
  const parents = new Set([...above.values()].flat());
  return [...drafts].map(([number, draft]) => ({
    number,
    title: draft.head.title || `Task ${number}`,
    details: draft.details,
    requirements: [...draft.requirements],
    allRequirements: draft.all,
    depends: [...draft.depends],
    state: stateOf(draft),
    optional: draft.head.optional,
    parallel: draft.head.parallel,
    line: draft.line.line,
    box: draft.head.box,
    parent: above.get(number)?.[0] ?? null,
    group: above.get(number)?.at(-1) ?? number.split('.')[0]!,
    leaf: !parents.has(number),
  }));
};

const grouped = (to: Reading, tasks: readonly ParsedTask[]): ParsedGroup[] => {
  const groups = new Map<string, ParsedGroup & { tasks: string[] }>();
  for (const task of tasks) {
    const own = to.drafts.get(task.group)?.head.title || undefined;
    const heading = to.headings.get(task.group);
    const title = own ?? heading?.title ?? to.drafts.get(task.number)?.section ?? `Task ${task.group}`;
    const group = groups.get(task.group) ?? { number: task.group, title, line: heading?.line ?? task.line, tasks: [] };
    groups.set(task.group, group);
    if (task.leaf) group.tasks.push(task.number);
  }
  return [...groups.values()];
};

/** A plan as far as it can be read, with what only its author can decide. */
export type ReadPlan = ParsedPlan & Pick<Reading, 'unnumbered' | 'duplicates'>;

/** Reads a Kiro `tasks.md` and its relatives, whatever is wrong with it. */
export const readTasks = (text: string, file = 'tasks.md'): ReadPlan => {
  const reading: Reading = {
    file,
    title: null,
    section: null,
    headings: new Map(),
    drafts: new Map(),
    warnings: [],
    open: [],
    last: null,
    unnumbered: [],
    duplicates: [],
  };
  for (const line of linesOf(text)) addLine(reading, line);
  const tasks = resolved(reading.drafts);
  const { title, warnings, unnumbered, duplicates } = reading;
  return { title, groups: grouped(reading, tasks), tasks, warnings, unnumbered, duplicates };
};

/** The same where lines that mean nothing to it are warnings, and a doubtful number is an error. */
export const parseTasks = (text: string, file = 'tasks.md'): ParsedPlan => {
  const { unnumbered, duplicates, ...plan } = readTasks(text, file);
  const [double] = duplicates;
  if (double) throw duplicateNumber({ file, ...double });
  const [first] = unnumbered;
  if (first && plan.tasks.length === 0) throw noTasks({ file, boxes: unnumbered.length });
  if (first) throw missingNumber({ file, ...first });
  return plan;
};
