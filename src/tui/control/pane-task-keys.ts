import { failureLeftBy, needsOf } from '../../attention/needs.ts';
import { saidId } from '../../protocol/say.ts';
import type { Task } from '../../state/tasks.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { currentTask, lastRunOf } from '../model/instance-list.ts';
import { type ScreenState, withNote } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';

type Context = Pick<KeyContext, 'state'>;

/** The task of the selected agent: the one that it has, else the one that it ended last, and whether that is still its own. */
const taskOf = ({ panes }: ScreenState, { state }: Context): { task: Task; isOwn: boolean } | undefined => {
  const instance = state.instances[panes.selected ?? ''];
  if (!instance) return undefined;
  const current = currentTask(instance, state.tasks);
  if (current) return { task: current, isOwn: true };
  const last = lastRunOf(state.tasks, instance.instance_id);
  return last && { task: last.task, isOwn: last.task.run === last.run };
};

/** The failed task of the selected agent: the one that its frame tells of, also where it has done another one since. */
const failedTaskOf: typeof taskOf = (screen, context) => {
  const { tasks } = context.state;
  const left = failureLeftBy(needsOf(context.state).needs, screen.panes.selected ?? '');
  const task = tasks[left?.task ?? ''];
  return task?.state === 'failed' ? { task, isOwn: true } : taskOf(screen, context);
};

/** A key that says a command about the task of the selected agent, where that makes sense. */
const onTask =
  (commandFor: (task: Task, isOwn: boolean) => string | null, otherwise: string, find = taskOf) =>
  (screen: ScreenState, context: Context): KeyResult => {
    const found = find(screen, context);
    const text = found ? commandFor(found.task, found.isOwn) : null;
    return text === null ? { screen: withNote(screen, otherwise) } : { screen, effect: { kind: 'run', text } };
  };

const NONE = 'this agent has had no task yet';
const OPEN: readonly Task['state'][] = ['done', 'cancelled'];

/** What keys do with the task of the selected agent. */
export const PANE_TASK_BINDINGS = {
  diff: onTask(({ id }) => `show diff ${saidId(id)}`, NONE),
  brief: onTask(({ id }) => `show brief ${saidId(id)}`, NONE),
  start: onTask(
    ({ id, state }, isOwn) => (isOwn && state === 'failed' ? `retry task ${saidId(id)}` : null),
    'no task of this agent has failed',
    failedTaskOf,
  ),
  merge: onTask(
    (task, isOwn) => (isOwn && isMergeable(task) ? `merge branch ${saidId(task.id)}` : null),
    'no work of this agent waits to be merged',
  ),
  remove: onTask(
    ({ id, state }, isOwn) => (!isOwn || OPEN.includes(state) ? null : `cancel task ${saidId(id)}`),
    'this agent has no task',
  ),
} as const;
