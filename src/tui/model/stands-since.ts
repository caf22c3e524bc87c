import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';

/** Since when a task that is done is what its card says: merged, where it is, else done. */
export const standsSince = ({ since, batch }: Task, { batches }: Pick<State, 'batches'>): string => {
  const merged = batch === null ? undefined : batches[batch];
  return merged ? (merged.finished_at ?? merged.started_at) : since;
};
