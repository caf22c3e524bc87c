import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import type { PlanAction } from '../../tasks/plan.ts';
import { nextRetry, retriesIn } from '../../tasks/retry.ts';
import type { DaemonServices } from '../services.ts';

/** The facts that leave a task with the instance that a person gave it to, as long as that one can go on. */
const pinAgainFacts = (state: State, task: Task, reason: string): EventDraft[] => {
  const instance = task.run?.instance ?? '';
  const there = isAlive(state.instances[instance]?.state.kind ?? 'stopped');
  return task.pinned && there ? [{ type: 'task.assigned', data: { id: task.id, instance, pinned: true, reason } }] : [];
};

/** Puts a task whose run has failed back to be handed out once more, with the reason. */
export const retryTask = async (
  services: DaemonServices,
  action: Extract<PlanAction, { kind: 'retry' }>,
): Promise<void> => {
  await services.decide((state): EventDraft[] => {
    const task = state.tasks[action.task];
    const next = task && nextRetry(task, retriesIn(services.settings));
    if (!task || !next) return [];
    const { id } = task;
    return [
      { type: 'task.reopened', data: { id, reason: next.reason } },
      { type: 'task.requested', data: { ids: [id], retries: next.n } },
      ...pinAgainFacts(state, task, next.reason),
      ...alertClearingFacts(state, id, 'tried again by itself'),
    ];
  });
};
