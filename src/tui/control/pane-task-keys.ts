import { saidId } from '../../protocol/say.ts';
import type { Task } from '../../state/tasks.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { currentTask, lastTaskOf } from '../model/instance-list.ts';
import { type ScreenState, withNote } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';

type Context = Pick<KeyContext, 'state'>;

/** The task of the selected agent: the one that it has, else the one that it ended last. */
const taskOf = ({ panes }: ScreenState, { state }: Context): Task | undefined => {
  const instance = state.instances[panes.selected ?? ''];
  return instance && (currentTask(instance, state.tasks) ?? lastTaskOf(state.tasks, instance.instance_id));
};

/** A key that says a command about the task of the selected agent, where that makes sense. */
const onTask =
  (commandFor: (task: Task) => string | null, otherwise: string) =>
  (screen: ScreenState, context: Context): KeyResult => {
    const task = taskOf(screen, context);
    const text = task ? commandFor(task) : null;
    return text === null ? { screen: withNote(screen, otherwise) } : { screen, effect: { kind: 'run', text } };
  };

const NONE = 'this agent has had no task yet';
const OPEN: readonly Task['state'][] = ['done', 'cancelled'];

/** What keys do with the task of the selected agent. */
export const PANE_TASK_BINDINGS = {
  diff: onTask(({ id }) => `show diff ${saidId(id)}`, NONE),
  brief: onTask(({ id }) => `show brief ${saidId(id)}`, NONE),
  start: onTask(
    ({ id, state }) => (state === 'failed' ? `retry task ${saidId(id)}` : null),
    'no task of this agent has failed',
  ),
  merge: onTask(
    (task) => (isMergeable(task) ? `merge branch ${saidId(task.id)}` : null),
    'no work of this agent waits to be merged',
  ),
  remove: onTask(
    ({ id, state }) => (OPEN.includes(state) ? null : `cancel task ${saidId(id)}`),
    'this agent has no task',
  ),
} as const;
