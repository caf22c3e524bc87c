import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isBusy, isPresent } from '../state/moves.ts';
import type { Context, Loss, Outcome } from './define.ts';
import { plural, settled } from './launching.ts';

/** Stopping asks first when it interrupts work, hits more than one or whoever is there, or does not wait. */
export const stopLoss = (
  instances: readonly Instance[],
  { force, all = false }: { force: boolean; all?: boolean },
): Loss | undefined => {
  const present = instances.filter((one) => isPresent(one.state.kind));
  const busy = present.filter((one) => isBusy(one.state.kind));
  if (present.length === 0 || (present.length === 1 && busy.length === 0 && !force && !all)) return undefined;
  const work =
    busy.length === 0
      ? 'none of them is at work'
      : `${plural(busy.length, 'task run')} end${busy.length === 1 ? 's' : ''} unfinished (${busy.map((one) => one.task_assignments[0] ?? one.instance_id).join(', ')})`;
  const saved = force ? 'uncommitted files stay in the worktrees' : 'work in progress is committed';
  return {
    targets: present.map((one) => one.instance_id),
    loses: `This stops ${plural(present.length, 'instance')} (${present.map((one) => one.instance_id).join(', ')}): ${work}; ${saved}.`,
  };
};

/** Asks the daemon to stop them and waits until they are. */
export const stopThem = async (
  context: Context,
  choose: (state: State) => readonly Instance[],
  how: { force: boolean; remove: boolean },
): Promise<Outcome> => {
  const facts = await context.decide((state) =>
    choose(state)
      .filter((one) => (how.remove || one.state.kind !== 'stopped') && one.state.kind !== 'stopping')
      .map((one) => ({ type: 'instance.stop_requested', data: { instance_id: one.instance_id, ...how } })),
  );
  const ids = facts.map((fact) => (fact.data as { instance_id: string }).instance_id);
  const state = await settled(context, ids);
  const data = ids.map((id) => ({
    instance_id: id,
    state: state.instances[id]?.state.kind ?? 'removed',
    evidence: state.instances[id]?.state.evidence ?? null,
  }));
  if (ids.length === 0) return { message: 'Nothing was running.', data };
  const verb = how.remove ? 'Removed' : 'Stopped';
  return {
    message: `${verb} ${plural(ids.length, 'instance')}: ${ids.join(', ')}.`,
    data,
    sideEffects: ids.flatMap((id) => [`session of ${id} ended`, ...(how.remove ? [`worktree of ${id} removed`] : [])]),
  };
};
