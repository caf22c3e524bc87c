import { z } from 'zod';
import { asSentence } from '../../lib/errors.ts';
import { leftAlertId } from '../../state/alerts.ts';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { INSTANCE_STATES, type Instance } from '../../state/instances.ts';
import { activity, isBusy, isPresent } from '../../state/moves.ts';
import { plural } from '../../text/wording.ts';
import type { Loss, Outcome, Recording } from '../define.ts';
import { untilSettled } from './launch-facts.ts';

/** The task whose run ends when an instance is stopped. */
const runOf = (state: State, one: Instance): string | undefined =>
  one.task_assignments.find((id) => ['running', 'verifying'].includes(state.tasks[id]?.state ?? ''));

/** The runs that end unfinished where these instances end, as a part of a sentence; empty where none of them is at one. */
export const unfinishedText = (state: State, instances: readonly Instance[]): string => {
  const runs = instances.flatMap((one) => runOf(state, one) ?? []);
  if (runs.length === 0) return '';
  return `${plural(runs.length, 'task run')} end${runs.length === 1 ? 's' : ''} unfinished (${runs.join(', ')})`;
};

/** What ends with these instances, which are at work or wait for an answer, with a task or without one. */
const endsText = (state: State, busy: readonly Instance[]): string => {
  const runs = unfinishedText(state, busy);
  const others = busy.filter((one) => runOf(state, one) === undefined).map((one) => one.instance_id);
  const ends = runs === '' ? [] : [runs];
  const have = others.length === 1 ? 'has' : 'have';
  const without = others.length === 0 ? [] : [`${others.join(', ')} ${have} no task`];
  return [...ends, ...without].join('; ') || 'none of them is at work';
};

/**
 * The question before instances are stopped: when work is interrupted, when several or `all` are meant, or with
 * `force`.
 */
export const stopLoss = (
  state: State,
  instances: readonly Instance[],
  { force, all = false }: { force: boolean; all?: boolean },
): Loss | undefined => {
  const present = instances.filter((one) => isPresent(one.state.kind));
  const busy = present.filter((one) => isBusy(activity(one).kind));
  if (present.length === 0 || (present.length === 1 && busy.length === 0 && !force && !all)) return undefined;
  const targets = present.map((one) => one.instance_id);
  const saved = force ? 'uncommitted files stay in the worktrees' : 'work in progress is committed';
  return {
    targets,
    loses: `This stops ${plural(targets.length, 'instance')} (${targets.join(', ')}): ${endsText(state, busy)}; ${saved}.`,
  };
};

/** What became of an instance that was to be stopped or removed. */
export const stoppedSchema = z.object({
  instance_id: z.string(),
  state: z.enum([...INSTANCE_STATES, 'removed']),
  evidence: z.string().nullable().describe('Why, when it did not work out'),
});

export type Stopped = z.infer<typeof stoppedSchema>;

/** Those of the instances that are still to be stopped. */
export const stoppable = (instances: readonly Instance[]): readonly Instance[] =>
  instances.filter(({ state: { kind } }) => kind !== 'stopped' && kind !== 'stopping');

/** The answer where nothing is left to be stopped. */
export const NOTHING_RUNNING = 'Nothing was running.';

/** Asks the daemon to stop, or also remove, the chosen instances and waits until that is done. */
export const stopInstances = async (
  context: Recording,
  choose: (state: State) => readonly Instance[],
  how: { force: boolean; remove: boolean; again?: boolean },
): Promise<Outcome> => {
  const facts = await context.decide((state) =>
    (how.remove ? choose(state).filter((one) => one.state.kind !== 'stopping') : stoppable(choose(state))).map(
      (one) => ({ type: 'instance.stop_requested', data: { instance_id: one.instance_id, ...how } }),
    ),
  );
  const asked = dataOf(facts, 'instance.stop_requested').map(({ instance_id }) => instance_id);
  // Who is ending already has not ended yet.
  const ending = choose(context.store.state).filter(({ state: { kind } }) => kind === 'stopping');
  const ids = [...new Set([...asked, ...ending.map(({ instance_id }) => instance_id)])];
  const state = await untilSettled(context, ids);
  const data = ids.map((id) => ({
    instance_id: id,
    state: state.instances[id]?.state.kind ?? 'removed',
    evidence: state.instances[id]?.state.evidence ?? null,
  }));
  if (ids.length === 0) return { message: NOTHING_RUNNING, data };
  const done = data.filter((one) => one.state === (how.remove ? 'removed' : 'stopped'));
  const leftOf = (id: string): string | undefined => state.alerts[leftAlertId(id)]?.text;
  const left = done.flatMap(({ instance_id: id }) => leftOf(id) ?? []);
  const sideEffects = done.flatMap(({ instance_id: id }) => [
    `session of ${id} ended`,
    ...(how.remove && !leftOf(id) ? [`worktree of ${id} removed`] : []),
  ]);
  const verb = how.remove ? 'removed' : 'stopped';
  if (done.length < ids.length) {
    const rest = data.filter((one) => !done.includes(one));
    const why = rest.map((one) => `${one.instance_id} (${one.evidence ?? one.state})`).join('; ');
    return { message: `Not ${verb}: ${why}.`, data, sideEffects, exit: 1 };
  }
  const message = [
    `${how.remove ? 'Removed' : 'Stopped'} ${plural(ids.length, 'instance')}: ${ids.join(', ')}.`,
    ...left,
  ]
    .map(asSentence)
    .join(' ');
  return { message, data, sideEffects };
};
