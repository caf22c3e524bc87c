import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import { runsOf } from '../state/runs.ts';
import type { Task } from '../state/tasks.ts';

/** So many instances are lost to one task before it is handed to no other by itself. */
const MOST_LOST = 2;

type Known = Pick<State, 'instances' | 'tasks'>;

/** The task that an instance had begun last by a time, ISO 8601; without one, by now. */
export const lastTaskOn = ({ tasks }: Known, instance: string, until?: string): Task | undefined =>
  valuesOf(tasks)
    .flatMap((task) =>
      runsOf(task)
        .filter((run) => run.instance === instance && (until === undefined || run.started_at <= until))
        .map(({ started_at }) => ({ task, started_at })),
    )
    .toSorted((a, b) => a.started_at.localeCompare(b.started_at))
    .at(-1)?.task;

/**
 * The instances that lost what they live in while they were at a task, or by what it had left there; one that was lost to it
 * twice is among them twice. A session that is gone is nobody's work.
 */
export const lostAfter = (state: Known, task: Task): readonly string[] =>
  [...new Set(runsOf(task).map(({ instance }) => instance))].flatMap((id) =>
    (state.instances[id]?.transitions ?? [])
      .filter(({ kind, source }) => kind === 'lost' && source === 'drover')
      .filter(({ since }) => lastTaskOn(state, id, since)?.id === task.id)
      .map(() => id),
  );

/** Whether so many were lost to a task that another one would fare no better; `more` are lost now. */
export const costsInstances = (state: Known, task: Task, more = 0): boolean =>
  lostAfter(state, task).length + more >= MOST_LOST;

/** The instances that were lost after a task, in words. */
export const lostAfterText = (ids: readonly string[]): string => {
  const named = [...new Set(ids)];
  const were = named.length === 1 ? 'was lost after it twice' : 'were lost after it';
  return `${named.join(' and ')} ${were}`;
};
