import type { State } from '../state/index.ts';
import type { Settings } from '../state/settings.ts';
import type { Task } from '../state/tasks.ts';
import { briefFor } from '../tasks/brief.ts';

/** The check that decides over a task: its own, or the one of the configuration. */
export const checkOf = (task: Task, settings: Settings): string | null => task.check ?? settings.checks.task ?? null;

/** The brief of a task as its agent gets it. */
export const briefOf = (state: State, settings: Settings, task: Task, branch: string): string => {
  const spec = task.spec === null ? undefined : state.specs[task.spec];
  const prerequisites = task.dependencies.flatMap((id) => {
    const before = state.tasks[id];
    return before
      ? [{ id, title: before.title, branch: before.run?.branch ?? null, summary: before.run?.summary ?? null }]
      : [];
  });
  return briefFor(task, {
    ...(spec ? { spec } : {}),
    prerequisites,
    branch,
    check: checkOf(task, settings),
    reportCommand: 'drover report done "what was done"',
  });
};
