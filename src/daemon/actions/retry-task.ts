import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft } from '../../state/index.ts';
import type { PlanAction } from '../../tasks/plan.ts';
import { nextRetry, pinAgainFacts, retriesIn } from '../../tasks/retry.ts';
import type { DaemonServices } from '../services.ts';

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
