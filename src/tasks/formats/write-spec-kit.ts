import type { WrittenPlan, WrittenTask } from './plan-format.ts';
import { boxOf, plainLine, plainTitle, textsOf } from './written-text.ts';

const ID = /^T\d{3,5}$/u;

/** Ids as spec-kit has them: those of the tasks where they are such, else `T001` and so on. */
const idsOf = ({ tasks }: WrittenPlan): ReadonlyMap<string, string> => {
  const isKept = tasks.every(({ id }) => ID.test(id));
  return new Map(tasks.map(({ id }, index) => [id, isKept ? id : `T${String(index + 1).padStart(3, '0')}`]));
};

type Phase = { readonly title: string; readonly tasks: WrittenTask[] };

const phasesOf = ({ tasks }: WrittenPlan): Phase[] => {
  const phases: Phase[] = [];
  for (const task of tasks) {
    const title = task.group ?? 'Tasks';
    if (phases.at(-1)?.title !== title) phases.push({ title, tasks: [] });
    phases.at(-1)!.tasks.push(task);
  }
  return phases;
};

const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

/**
 * The runs of a phase that stand beside each other: what is in a run waits for the run before it, and the first for what
 * comes before the phase. Undefined where that is not what the tasks wait for, or where two runs could not be told apart.
 */
const runsOf = (tasks: readonly WrittenTask[], before: readonly string[]): string[][] | undefined => {
  const runs: string[][] = [];
  for (const { id, dependencies } of tasks) {
    const run = runs.at(-1);
    if (run && sameIds(dependencies, run)) runs.push([id]);
    else if (!sameIds(dependencies, runs.at(-2) ?? before)) return undefined;
    else if (run) run.push(id);
    else runs.push([id]);
  }
  const isAmbiguous = runs.some((run, index) => run.length > 1 && (runs[index + 1]?.length ?? 0) > 1);
  return isAmbiguous ? undefined : runs;
};

/** The tasks that stand beside others, where the phases alone say what every task waits for; else undefined. */
const besideInPhases = (phases: readonly Phase[]): ReadonlySet<string> | undefined => {
  if (new Set(phases.map(({ title }) => title)).size < phases.length) return undefined;
  const beside = new Set<string>();
  let before: readonly string[] = [];
  for (const { tasks } of phases) {
    const runs = runsOf(tasks, before);
    if (!runs) return undefined;
    for (const run of runs) if (run.length > 1) for (const id of run) beside.add(id);
    before = runs.at(-1)!;
  }
  return beside;
};

const taskLines = (
  task: WrittenTask,
  ids: ReadonlyMap<string, string>,
  rest: { mark: string; after: string },
): string[] => [
  `- ${boxOf(task)} ${ids.get(task.id)!} ${rest.mark}${plainTitle(task.title)}${rest.after}`,
  ...textsOf(task).map((text) => `  - ${text}`),
];

/** Phases as the groups are, where their order says all; else one phase in which each task says what it waits for. */
export const writeSpecKit = (plan: WrittenPlan): string => {
  const ids = idsOf(plan);
  const phases = phasesOf(plan);
  const title = `# Tasks: ${plainLine(plan.name)}\n`;
  const beside = besideInPhases(phases);
  if (beside) {
    const parts = phases.map(({ title: phase, tasks }, index) => {
      const own = /^phase\b/iu.test(phase) ? plainLine(phase) : `Phase ${index + 1}: ${plainLine(phase)}`;
      const lines = tasks.flatMap((task) =>
        taskLines(task, ids, { mark: beside.has(task.id) ? '[P] ' : '', after: '' }),
      );
      return `\n## ${own}\n\n${lines.join('\n')}\n`;
    });
    return title + parts.join('');
  }
  const lines = plan.tasks.flatMap((task) => {
    const needs = task.dependencies.flatMap((id) => ids.get(id) ?? []);
    return taskLines(task, ids, { mark: '[P] ', after: needs.length > 0 ? ` (depends on ${needs.join(', ')})` : '' });
  });
  return `${title}\n## Phase 1: Tasks\n\n${lines.join('\n')}\n`;
};
