import type { OrderRule, Policy } from '../../state/specs.ts';
import type { TaskPlan } from '../../state/tasks.ts';
import { noTasks, planCycle, specMistakes, unknownDependency } from '../errors.ts';
import { complexityScore } from '../estimate.ts';
import { gateName } from '../gates.ts';
import { cycles, cycleText } from '../graph.ts';
import type { Mistake } from '../items/item.ts';
import { countEdges, gatesIn, needsOf } from '../order/edges.ts';
import { type Order, orderOf } from '../order/order.ts';
import { countGraphFindings } from './lint-graph.ts';
import type { Warning } from './spec-entries.ts';
import { type Criterion, criteriaFinder, parseRequirements } from './spec-requirements.ts';
import { type ParsedPlan, type ParsedTask, parseTasks } from './spec-tasks.ts';

type Finder = ReturnType<typeof criteriaFinder>;

/** A plan as it is given, with what is to be made of it. */
export type SpecSource = {
  readonly name: string;
  readonly tasksText: string;
  readonly requirementsText?: string | undefined;
  readonly policy: Policy;
  readonly barrier: boolean;
  /** Put in front of every task's number, for a second spec with the same numbers: `auth-` makes `auth-2.1`. */
  readonly prefix?: string | undefined;
  /** How errors call the file; default `tasks.md`. */
  readonly file?: string | undefined;
};

export type SpecPlan = {
  readonly title: string | null;
  /** One for each leaf, in the order of the plan. */
  readonly plans: readonly TaskPlan[];
  /** Ids of those that the plan says are done. */
  readonly done: readonly string[];
  /** How many dependencies there are, met ones included. */
  readonly edges: number;
  /** Where they come from. */
  readonly order: Order['from'];
  /** Whether the plan has a graph of its own that the policy does not look at. */
  readonly setsGraphAside: boolean;
  /** How many things its graph says that are read otherwise than they stand there. */
  readonly graphFindings: number;
  readonly groups: number;
  /** References from tasks to requirements, how many different ones are meant, and how many criteria there are. */
  readonly links: { readonly all: number; readonly different: number; readonly criteria: number };
  readonly warnings: readonly Warning[];
  /** Ids of those that nobody is to do: the plan calls them cancelled, or puts them off. */
  readonly cancelled: readonly string[];
  readonly held: readonly string[];
};

/** Texts of the criteria that the ids mean; the id of a whole requirement means all of its criteria. */
const criteriaOf = (ids: readonly string[], criteria: ReadonlyMap<string, Criterion>, find: Finder): string[] =>
  [...new Set(ids.flatMap(find))].map((id) => `${id}: ${criteria.get(id)!.text}`);

/** One warning for a list without numbers: its ids hold only as long as nothing is put in between. */
const unnumberedList = ({ given, tasks }: ParsedPlan): Warning[] =>
  given || tasks.length === 0
    ? []
    : [
        {
          line: tasks[0]!.line,
          rule: 'unnumbered-task',
          message: `no task has a number, so they are numbered as they stand, up to ${tasks.at(-1)!.number}; with numbers of their own they keep them when the list changes`,
        },
      ];

const BOX_FORM = 'a box is written [ ], and once for each task';

/** Tasks whose boxes a tick-back cannot reach, in one warning. */
const untickable = (leaves: readonly ParsedTask[], form: string): Warning[] => {
  const found = leaves.filter(({ state, boxes, times }) => times > 1 || (boxes.length === 0 && state !== 'done'));
  if (found.length === 0) return [];
  const which = found.map(({ number }) => number).join(', ');
  const message = `no box can be ticked when ${found.length === 1 ? 'this is' : 'these are'} done: ${which}; ${form}`;
  return [{ line: found[0]!.line, message, rule: 'no-box' }];
};

/** How deep boxes stand in each other in plans that people write. */
const USUAL_DEPTH = 9;

const nestedDeep = (leaves: readonly ParsedTask[]): Warning[] => {
  if (leaves.length === 0) return [];
  const deepest = leaves.reduce((deep, leaf) => (depthOf(leaf) > depthOf(deep) ? leaf : deep), leaves[0]!);
  if (depthOf(deepest) <= USUAL_DEPTH) return [];
  const message = `boxes stand in each other ${depthOf(deepest)} deep, and of these the innermost alone are tasks: what they stand in are groups`;
  return [{ line: deepest.line, message }];
};

const depthOf = ({ number }: ParsedTask): number => number.split('.').length;

/** Tasks that say they wait for a group they are in: it is done when they are. */
const ownGroups = ({ tasks }: ParsedPlan): Warning[] => {
  const parents = new Map(tasks.map(({ number, parent }) => [number, parent]));
  return tasks.flatMap(({ number, line, depends }) => {
    const around: string[] = [];
    for (let up = parents.get(number) ?? null; up !== null; up = parents.get(up) ?? null) around.push(up);
    return around
      .filter((up) => depends.includes(up))
      .map((up) => ({
        line,
        message: `task ${number} is said to depend on ${up}, which it is a part of: that is left out`,
      }));
  });
};

const unknownReferences = (tasks: readonly ParsedTask[], find: Finder): Warning[] =>
  tasks.flatMap((task) =>
    task.requirements
      .filter((id) => find(id).length === 0)
      .map((id) => ({
        line: task.line,
        message: `task ${task.number} refers to requirement ${id}, which does not exist`,
      })),
  );

type Unknown = { readonly line: number; readonly number: string; readonly missing: string };

const unknownIn = (parsed: ParsedPlan, edges: ReadonlyMap<string, readonly string[]>): Unknown[] =>
  parsed.tasks.flatMap(({ number, line }) =>
    (edges.get(number) ?? []).filter((need) => !edges.has(need)).map((missing) => ({ line, number, missing })),
  );

const cycleMistake = (parsed: ParsedPlan, cycle: readonly string[]): Mistake => ({
  line: parsed.tasks.find((task) => task.number === cycle[0])!.line,
  message: `these tasks wait for each other: ${cycleText(cycle)}`,
  fix: 'Take one of the dependencies away.',
});

/** Refuses a plan whose order cannot be told, with everything that is wrong with it. */
const refuseMistakes = (parsed: ParsedPlan, file: string, edges: ReadonlyMap<string, readonly string[]>): void => {
  const unknown = unknownIn(parsed, edges);
  const circles = cycles(edges);
  const count = parsed.mistakes.length + unknown.length + circles.length;
  if (count === 0) return;
  if (count === 1 && parsed.warnings.length === 0 && unknown[0]) throw unknownDependency({ file, ...unknown[0] });
  if (count === 1 && parsed.warnings.length === 0 && circles[0]) {
    const { line } = cycleMistake(parsed, circles[0]);
    throw planCycle({ cycle: cycleText(circles[0]), place: `${file}:${line}` });
  }
  const mistakes = [
    ...parsed.mistakes,
    ...unknown.map(({ line, number, missing }) => ({
      line,
      message: `task ${number} depends on ${missing}, which is not in the plan`,
      fix: 'Correct the number.',
    })),
    ...circles.map((cycle) => cycleMistake(parsed, cycle)),
  ];
  throw specMistakes({ file, mistakes: mistakes.toSorted((a, b) => a.line - b.line), warnings: parsed.warnings });
};

/** What is known of the groups above a task, which are no tasks themselves but may have something to say. */
const descriptionOf = (task: ParsedTask, parsed: ReadonlyMap<string, ParsedTask>): string => {
  const lines: string[] = [];
  for (let up = task.parent; up !== null; up = parsed.get(up)!.parent) {
    const { number, title, details } = parsed.get(up)!;
    lines.unshift(`Part of ${number} ${title}${details.length > 0 ? `: ${details.join(' ')}` : ''}`);
  }
  return lines.join('\n');
};

/** The prerequisites of a task by the rule that says so. */
const rulesOf = (needs: ReadonlyMap<string, OrderRule>, idOf: (number: string) => string): Record<string, string[]> => {
  const byRule = Map.groupBy(needs, ([, rule]) => rule);
  return Object.fromEntries([...byRule].map(([rule, found]) => [rule, found.map(([need]) => idOf(need))]));
};

/** What formats say of a task that a Kiro spec has no place for. */
export type MoreOfTask = { readonly description: string; readonly plan: Partial<TaskPlan> };

/** What a plan says of its tasks, as far as it is read. */
export type PlanReading = {
  readonly parsed: ParsedPlan;
  readonly order: Order;
  /** What it says of single tasks beyond that, by their numbers. */
  readonly more?: ReadonlyMap<string, MoreOfTask> | undefined;
  readonly cancelled?: readonly string[] | undefined;
  readonly held?: readonly string[] | undefined;
  /** What a task needs to be ticked, for those that have it not. */
  readonly form?: string | undefined;
};

/** All that is to be said of a plan before it is followed. */
export const planWarnings = ({ parsed, form = BOX_FORM }: PlanReading): Warning[] => {
  const leaves = parsed.tasks.filter((task) => task.leaf);
  return [
    ...parsed.warnings,
    ...unnumberedList(parsed),
    ...nestedDeep(leaves),
    ...ownGroups(parsed),
    ...untickable(leaves, form),
  ];
};

/** The gates that each task opens. */
const opensOf = (gates: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> => {
  const opens = new Map<string, string[]>();
  for (const [gate, openers] of gates)
    for (const number of openers) {
      const known = opens.get(number);
      if (known) known.push(gate);
      else opens.set(number, [gate]);
    }
  return opens;
};

/** Turns a spec into tasks with requirement texts and dependencies. Refuses unknown prerequisites and circles of them. */
export const planFromSpec = (source: SpecSource): SpecPlan => {
  const parsed = parseTasks(source.tasksText, source.file);
  return planFromReading(source, { parsed, order: orderOf(parsed, source) });
};

/** The same of a plan in whatever format, once it is read. */
export const planFromReading = (source: SpecSource, reading: PlanReading): SpecPlan => {
  const file = source.file ?? 'tasks.md';
  const { parsed, order } = reading;
  const leaves = parsed.tasks.filter((task) => task.leaf);
  if (leaves.length === 0 && parsed.mistakes.length === 0) throw noTasks({ file, noticed: parsed.warnings[0] });
  const edges = needsOf(order.edges);
  refuseMistakes(parsed, file, edges);
  const criteria = parseRequirements(source.requirementsText ?? '');
  const find = criteriaFinder(criteria);
  const warnings = [...planWarnings(reading), ...(criteria.size === 0 ? [] : unknownReferences(leaves, find))];
  const groups = new Map(parsed.groups.map((group) => [group.number, group.title]));
  const byNumber = new Map(parsed.tasks.map((task) => [task.number, task]));
  const gates = gatesIn(order.edges);
  const gateIds = new Map([...gates.keys()].map((gate, at) => [gate, gateName(at + 1, source.name)]));
  const idOf = (number: string): string => gateIds.get(number) ?? `${source.prefix ?? ''}${number}`;
  const opens = opensOf(gates);
  const plans = leaves.map((task): TaskPlan => {
    const more = reading.more?.get(task.number);
    return {
      id: idOf(task.number),
      title: task.title,
      description: [descriptionOf(task, byNumber), more?.description].filter(Boolean).join('\n'),
      details: [...task.details],
      spec: source.name,
      group: groups.get(task.group) ?? null,
      requirements: [...task.requirements],
      acceptance_criteria: criteriaOf(task.requirements, criteria, find),
      dependencies: edges.get(task.number)!.map(idOf),
      dependency_rules: rulesOf(order.edges.get(task.number)!, idOf),
      ...(opens.has(task.number) ? { opens: opens.get(task.number)!.map(idOf) } : {}),
      barrier: source.barrier && task.allRequirements,
      priority: task.optional ? 'low' : 'normal',
      estimated_duration: null,
      complexity_score: complexityScore(task),
      required_capabilities: [],
      ...(task.files ? { files: [...task.files] } : {}),
      check: null,
      ...more?.plan,
    };
  });
  const references = leaves.flatMap((task) => task.requirements);
  return {
    title: parsed.title,
    plans,
    done: leaves.filter((task) => task.state === 'done').map((task) => idOf(task.number)),
    edges: countEdges(order.edges),
    order: order.from,
    setsGraphAside: parsed.graph !== null && order.from !== 'graph',
    graphFindings:
      order.from === 'graph' ? countGraphFindings({ plan: parsed, leaves, source: { tasksFile: file } }) : 0,
    groups: parsed.groups.length,
    links: { all: references.length, different: new Set(references).size, criteria: criteria.size },
    warnings: warnings.toSorted((a, b) => a.line - b.line),
    cancelled: (reading.cancelled ?? []).map(idOf),
    held: (reading.held ?? []).map(idOf),
  };
};
