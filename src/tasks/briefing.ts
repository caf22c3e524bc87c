import type { State } from '../state/index.ts';
import { findMode } from '../state/modes.ts';
import { runsOf } from '../state/runs.ts';
import type { Settings } from '../state/settings.ts';
import { sparseFolders } from '../state/swarm-settings.ts';
import type { Run, Task } from '../state/tasks.ts';
import { briefFor, type GoingOn, type HandOver } from './brief.ts';
import { prerequisitesOf } from './gates.ts';
import { asRaced } from './race.ts';
import { workflowSteps } from './workflow.ts';

/** The check that decides over a task: its own, or the one of the configuration. */
export const checkOf = (task: Task, settings: Settings): string | null => task.check ?? settings.checks.task ?? null;

/** Where and how a task is done: its branch, and the name of the run profile. */
type Place = {
  readonly branch: string;
  readonly mode: string | null;
  readonly handOver?: HandOver | undefined;
  readonly unfinished?: Run | undefined;
  readonly goingOn?: GoingOn | undefined;
};

/** The brief of a task as its agent gets it. */
export const briefOf = (state: State, settings: Settings, given: Task, place: Place): string => {
  const task = asRaced(given, state.tasks);
  const { branch, mode, handOver, unfinished, goingOn } = place;
  const spec = task.spec === null ? undefined : state.specs[task.spec];
  const prerequisites = prerequisitesOf(task, state.tasks).flatMap((id) => {
    const before = state.tasks[id];
    if (!before) return [];
    const { title, state: stands, run } = before;
    return [{ id, title, done: stands === 'done', branch: run?.branch ?? null, summary: run?.summary ?? null }];
  });
  return briefFor(task, {
    ...(spec ? { spec } : {}),
    prerequisites,
    branch,
    check: checkOf(task, settings),
    earlier: runsOf(task).filter(
      (run) => run.failure !== null || (task.instruction !== undefined && run.result !== null),
    ),
    mode: mode === null ? null : findMode(mode, settings),
    handOver,
    unfinished,
    goingOn,
    steps: workflowSteps(task.workflow ?? settings.plan.workflow),
    folders: sparseFolders(settings),
    reportCommand: 'drover report done "what was done"',
  });
};
