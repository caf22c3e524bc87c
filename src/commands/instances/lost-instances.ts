import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Recovery } from '../../state/recovery.ts';
import type { Task } from '../../state/tasks.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Loss } from '../define.ts';

/** Whether the program of an instance is gone without anybody having ended it. */
export const isLost = ({ state }: Pick<Instance, 'state'>): boolean => state.kind === 'lost' || state.kind === 'failed';

/** The task whose run an instance is at, or was when its program went away: the run is kept for it. */
export const runOf = (state: State, one: Instance): Task | undefined =>
  one.task_assignments.map((id) => state.tasks[id]).find((task) => task?.state === 'running');

/** Why the program of an instance has to go on with its run. */
const brokenOff = ({ instance_id, recovery, state }: Instance): Pick<Recovery, 'class' | 'message'> => {
  // What is at work again after a failure is ended by a person now.
  if (recovery !== null && recovery.next !== null) return recovery;
  const message = state.evidence ?? `${instance_id} was ${state.kind}`;
  if (state.kind === 'lost') return { class: 'session-lost', message };
  if (state.kind === 'failed') return { class: 'crash', message };
  return { class: 'stopped', message: `${instance_id} was restarted` };
};

/**
 * The fact that starts the program of an instance again with the run that it is at or that was kept for it, and unless
 * `fresh` with its conversation.
 */
export const bringBackFact = (
  { settings }: Pick<Context, 'settings'>,
  state: State,
  one: Instance,
  fresh = false,
): EventDraft => {
  const { instance_id } = one;
  const task = runOf(state, one);
  if (!task) return { type: 'instance.restart_requested', data: { instance_id, fresh } };
  const { class: kind, message } = brokenOff(one);
  const recovery: Recovery = {
    ...{ task: task.id, class: kind, message },
    // A person has looked at the instance: it gets all its tries again.
    ...{ tries: 0, most: settings.recovery.tries },
    ...{ unready: false, next: 'go-on', due: null },
  };
  return { type: 'instance.restart_requested', data: { instance_id, fresh, recovery } };
};

/** The question before the programs of several lost instances are started. */
export const bringBackLoss = (instances: readonly Instance[]): Loss | undefined => {
  const targets = instances.filter(isLost).map((one) => one.instance_id);
  if (targets.length < 2) return undefined;
  return {
    targets,
    loses: `This starts the programs of ${plural(targets.length, 'instance')} again (${targets.join(', ')}); they go on with their conversations and tasks, and nothing is lost.`,
  };
};
