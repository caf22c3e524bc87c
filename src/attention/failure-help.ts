import { saidId } from '../protocol/say.ts';
import type { Instance, StateMark } from '../state/instances.ts';
import type { FailureClass, Run, Task } from '../state/tasks.ts';

/** Failures that say nothing about the work: what was in the way may be gone at the next try. */
const PASSING: readonly FailureClass[] = [
  'crash',
  'hang',
  'session-lost',
  'stopped',
  'overloaded',
  'network',
  'limited',
  'drover',
];

/** Whether another try may get past such a failure. */
export const isPassing = (kind: FailureClass): boolean => PASSING.includes(kind);

const isSameFailure = (a: Run | undefined, b: Run): boolean =>
  a?.failure?.class === b.failure?.class && a?.failure?.message === b.failure?.message;

/**
 * The command that helps first with a task that failed or is blocked. It is tried again only where that can help, and
 * not when it has failed twice in the same way; else its failure is to be seen first.
 */
export const helpForTask = ({ id, state, run, history, batch }: Task): string => {
  if (state !== 'failed' || !run?.failure) return `show task ${saidId(id)}`;
  const isRepeated = isSameFailure(history.at(-1), run);
  if (isPassing(run.failure.class) && !isRepeated && batch === null) return `retry task ${saidId(id)}`;
  // What a person stopped is no failure that is kept.
  return run.failure.class === 'stopped' ? `show task ${saidId(id)}` : `show failure ${saidId(id)}`;
};

const BROKEN: readonly StateMark['kind'][] = ['failed', 'lost', 'stuck'];

/** Whether the program of an instance does nothing any more until somebody sees to it. */
export const isBroken = ({ state }: Pick<Instance, 'state'>): boolean => BROKEN.includes(state.kind);

/** Whether an instance broke twice in the same way without taking a prompt in between: starting it again does not help. */
const isBrokenAgain = ({ state, transitions }: Pick<Instance, 'state' | 'transitions'>): boolean => {
  const marks = transitions.at(-1)?.since === state.since ? transitions.slice(0, -1) : transitions;
  const last = marks.findLast(({ kind }) => BROKEN.includes(kind) || kind === 'idle' || kind === 'working');
  return last !== undefined && BROKEN.includes(last.kind) && last.evidence === state.evidence;
};

/** The command that helps first with a broken instance: the one that is suggested, unless that was of no use before. */
export const helpForInstance = (instance: Instance, suggested: string | null): string | null => {
  const { instance_id: id } = instance;
  return suggested === `restart instance ${saidId(id)}` && isBrokenAgain(instance)
    ? `show instance ${saidId(id)}`
    : suggested;
};
