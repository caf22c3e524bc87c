import { valuesOf } from '../../lib/records.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { isUnjoinable } from '../../tasks/unjoinable.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** The facts that have tasks begin after all which were blocked by that, and whose prerequisites are all merged now. */
export const unblockFacts = (state: State): EventDraft[] => {
  const isMerged = (id: string): boolean => (state.tasks[id]?.batch ?? null) !== null;
  const ids = valuesOf(state.tasks)
    .filter(isUnjoinable)
    .filter((task) => prerequisitesOf(task, state.tasks).every(isMerged))
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const reason = 'its prerequisites are merged';
  return [
    ...ids.flatMap((id): EventDraft[] => [
      { type: 'task.reopened', data: { id, reason } },
      ...clearAlertFacts(state, `blocked:${id}`, reason),
    ]),
    { type: 'task.requested', data: { ids } },
  ];
};
