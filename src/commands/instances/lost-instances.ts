import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Loss } from '../define.ts';

/** Whether the program of an instance is gone without anybody having ended it. */
export const isLost = ({ state }: Pick<Instance, 'state'>): boolean => state.kind === 'lost' || state.kind === 'failed';

/** The task whose run a lost instance was at; the run is kept for it. */
export const keptRunOf = (state: State, one: Instance): Task | undefined =>
  isLost(one) ? one.task_assignments.map((id) => state.tasks[id]).find((task) => task?.state === 'running') : undefined;

/**
 * The fact that starts the program of a lost instance again, with its conversation and the run that was kept for it.
 */
export const bringBackFact = ({ settings }: Pick<Context, 'settings'>, state: State, one: Instance): EventDraft => {
  const { instance_id, recovery, state: mark } = one;
  const task = keptRunOf(state, one);
  const why = recovery ?? {
    class: mark.kind === 'lost' ? ('session-lost' as const) : ('crash' as const),
    message: mark.evidence ?? `${instance_id} was ${mark.kind}`,
  };
  const goesOn = task && {
    task: task.id,
    class: why.class,
    message: why.message,
    // A person has looked at the instance: it gets all its tries again.
    tries: 0,
    most: settings.recovery.tries,
    unready: false,
    next: 'go-on' as const,
    due: null,
  };
  return {
    type: 'instance.restart_requested',
    data: { instance_id, fresh: false, ...(goesOn ? { recovery: goesOn } : {}) },
  };
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
