import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isBusy } from '../../state/moves.ts';
import { runsOf } from '../../state/runs.ts';

/** Since when an agent has been at work without a rest: what it says meanwhile, as that it has taken a prompt, is no new beginning. */
const busySince = ({ state, transitions }: Instance): string => {
  const rest = transitions.findLastIndex(({ kind }) => !isBusy(kind));
  return transitions[rest + 1]?.since ?? state.since;
};

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
    .filter((one) =>
      runs.some(
        ({ instance, failure, ended_at }) =>
          instance === one.instance_id && failure?.class === 'stopped' && (ended_at ?? '') >= busySince(one),
      ),
    )
    .map(({ instance_id }) => instance_id);
};
