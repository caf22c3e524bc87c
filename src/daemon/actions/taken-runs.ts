import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import { isBusy } from '../../state/moves.ts';
import { runsOf } from '../../state/runs.ts';

/**
 * The instances that are still at a run which was taken from them: a daemon that died before it had told them leaves them so.
 * One that has begun something else since is not meant.
 */
export const atTakenRuns = ({ instances, tasks }: State): string[] => {
  const runs = valuesOf(tasks).flatMap(runsOf);
  return Object.values(instances)
    .filter(({ state, hold }) => isBusy(state.kind) && hold === null)
    .filter(({ task_assignments }) =>
      task_assignments.every((id) => !['running', 'verifying'].includes(tasks[id]?.state ?? '')),
    )
    .filter(({ instance_id, state: { since } }) =>
      runs.some(
        ({ instance, failure, ended_at }) =>
          instance === instance_id && failure?.class === 'stopped' && (ended_at ?? '') >= since,
      ),
    )
    .map(({ instance_id }) => instance_id);
};
