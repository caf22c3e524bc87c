import { saidId } from '../protocol/say.ts';
import { NOTHING_COMMITTED } from '../state/failure-classes.ts';
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
  'memory',
];

/** Whether another try may get past such a failure. */
export const isPassing = (kind: FailureClass): boolean => PASSING.includes(kind);

/** How a run has failed, whoever was at it: another agent that fails so fails in the same way. */
const failureText = ({ failure, instance }: Run): string | null =>
  failure === null ? null : `${failure.class}: ${failure.message.split(instance).join('its agent')}`;

/** Whether a task has failed twice in the same way, whatever else came in between: another try as before leads there again. */
const hasFailedAlike = ({ run, history }: Pick<Task, 'run' | 'history'>): boolean =>
  run?.failure != null && history.some((before) => failureText(before) === failureText(run));

/**
 * The command that helps first with a task that failed or is blocked. It is tried again only where that can help, and
 * not when it has failed twice in the same way; else its failure is to be seen first.
 */
export const helpForTask = (task: Task): string => {
  const { id, state, run, batch } = task;
  if (state !== 'failed' || !run?.failure) return `show task ${saidId(id)}`;
  if (isPassing(run.failure.class) && !hasFailedAlike(task) && batch === null) return `retry task ${saidId(id)}`;
  // What a person stopped is no failure that is kept.
  return run.failure.class === 'stopped' ? `show task ${saidId(id)}` : `show failure ${saidId(id)}`;
};

/** A way to go on with a task that has failed, and what that does. */
export type Way = { readonly command: string; readonly what: string };

/** How it is tried again: only otherwise, where it failed twice in the same way. */
const nextTries = (task: Task): readonly Way[] => [
  ...(hasFailedAlike(task)
    ? []
    : [{ command: `retry task ${saidId(task.id)}`, what: 'let an agent try it once more, from the beginning' }]),
  { command: `retry task ${saidId(task.id)} prompt="…"`, what: 'have it gone on with, and say what to do otherwise' },
];

/** How the work of a run is looked at; where nothing was committed nothing is there to look at. */
const looksAt = ({ id, run }: Task): readonly Way[] =>
  run === null || (run.failure?.class === 'no-commit' && run.failure.message === NOTHING_COMMITTED)
    ? []
    : [
        { command: `show diff ${saidId(id)}`, what: 'see what it changed' },
        { command: `review task ${saidId(id)}`, what: 'look at it file by file, comment, and send it back' },
      ];

/** The ways to go on with a task that has failed, for somebody who has seen how: the gentlest first, none of which is refused. */
export const waysOn = (task: Task): readonly Way[] => {
  const { id, run, batch, archived } = task;
  // A gate is set elsewhere: another check of the task would not change it.
  const isChecked = run?.failure?.class === 'check';
  const isOver = batch !== null || archived;
  return [
    ...looksAt(task),
    ...(isOver ? [] : nextTries(task)),
    ...(isChecked && !isOver ? [{ command: `set task ${saidId(id)} check="…"`, what: 'give it another check' }] : []),
    ...(isOver ? [] : [{ command: `cancel task ${saidId(id)}`, what: 'leave it undone' }]),
  ];
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
