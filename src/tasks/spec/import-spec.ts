import type { Policy } from '../../state/specs.ts';
import type { TaskPlan } from '../../state/tasks.ts';
import { countEdges, dependencyEdges } from '../dependencies.ts';
import { noTasks, unknownDependency } from '../errors.ts';
import { complexityScore } from '../estimate.ts';
import { refuseCycles } from '../graph.ts';
import type { Warning } from './spec-reading.ts';
import { type Criterion, parseRequirements } from './spec-requirements.ts';
import { type ParsedPlan, type ParsedTask, parseTasks } from './spec-tasks.ts';

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
  readonly groups: number;
  /** References from tasks to requirements, how many different ones are meant, and how many criteria there are. */
  readonly links: { readonly all: number; readonly different: number; readonly criteria: number };
  readonly warnings: readonly Warning[];
};

/** Texts of the criteria that the ids mean; the id of a whole requirement means all of its criteria. */
const criteriaOf = (ids: readonly string[], criteria: ReadonlyMap<string, Criterion>): string[] => {
  const meant = ids.flatMap((id) =>
    criteria.has(id) ? [id] : [...criteria.keys()].filter((key) => key.startsWith(`${id}.`)),
  );
  return [...new Set(meant)].map((id) => `${id}: ${criteria.get(id)!.text}`);
};

const unknownReferences = (tasks: readonly ParsedTask[], criteria: ReadonlyMap<string, Criterion>): Warning[] => {
  if (criteria.size === 0) return [];
  const whole = new Set([...criteria.keys()].map((id) => id.split('.')[0]!));
  return tasks.flatMap((task) =>
    task.requirements
      .filter((id) => !criteria.has(id) && !whole.has(id))
      .map((id) => ({
        line: task.line,
        message: `task ${task.number} refers to requirement ${id}, which does not exist`,
      })),
  );
};

const edgesOf = (parsed: ParsedPlan, source: SpecSource): Map<string, string[]> => {
  const edges = dependencyEdges(parsed.tasks, source);
  const lines = new Map(parsed.tasks.map((task) => [task.number, task.line]));
  for (const [number, needs] of edges)
    for (const missing of needs)
      if (!edges.has(missing))
        throw unknownDependency({ file: source.file ?? 'tasks.md', line: lines.get(number)!, number, missing });
  refuseCycles(edges);
  return edges;
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

/** Turns a spec into tasks with requirement texts and dependencies. Refuses unknown prerequisites and circles of them. */
export const planFromSpec = (source: SpecSource): SpecPlan => {
  const parsed = parseTasks(source.tasksText, source.file);
  const leaves = parsed.tasks.filter((task) => task.leaf);
  if (leaves.length === 0) throw noTasks({ file: source.file ?? 'tasks.md', boxes: 0 });
  const criteria = parseRequirements(source.requirementsText ?? '');
  const edges = edgesOf(parsed, source);
  const groups = new Map(parsed.groups.map((group) => [group.number, group.title]));
  const byNumber = new Map(parsed.tasks.map((task) => [task.number, task]));
  const idOf = (number: string): string => `${source.prefix ?? ''}${number}`;
  const plans = leaves.map(
    (task): TaskPlan => ({
      id: idOf(task.number),
      title: task.title,
      description: descriptionOf(task, byNumber),
      details: [...task.details],
      spec: source.name,
      group: groups.get(task.group)!,
      requirements: [...task.requirements],
      acceptance_criteria: criteriaOf(task.requirements, criteria),
      dependencies: edges.get(task.number)!.map(idOf),
      barrier: source.barrier && task.allRequirements,
      priority: task.optional ? 'low' : 'normal',
      estimated_duration: null,
      complexity_score: complexityScore(task),
      required_capabilities: [],
      check: null,
    }),
  );
  const references = leaves.flatMap((task) => task.requirements);
  return {
    title: parsed.title,
    plans,
    done: leaves.filter((task) => task.state === 'done').map((task) => idOf(task.number)),
    edges: countEdges(edges),
    groups: parsed.groups.length,
    links: { all: references.length, different: new Set(references).size, criteria: criteria.size },
    warnings: [...parsed.warnings, ...unknownReferences(leaves, criteria)].toSorted((a, b) => a.line - b.line),
  };
};
