import { failureLeftBy, needsOf } from '../../attention/needs.ts';
import { valuesOf } from '../../lib/records.ts';
import { saidId } from '../../protocol/say.ts';
import { awaitsReview, reviewedRun } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { currentTask, lastRunOf } from '../model/instance-list.ts';
import { type ScreenState, withNote } from '../model/screen-state.ts';
import { openReview, openReviewList } from '../tabs/open-view.ts';
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

/** The failed task of the selected agent that its frame tells of, also where it has done another one since. */
const failureOf: typeof taskOf = ({ panes }, { state }) => {
  const left = failureLeftBy(needsOf(state).needs, panes.selected ?? '');
  const task = state.tasks[left?.task ?? ''];
  return task?.state === 'failed' ? { task, isOwn: true } : undefined;
};

const failedTaskOf: typeof taskOf = (screen, context) => failureOf(screen, context) ?? taskOf(screen, context);

/** The failure that the frame of the selected agent tells of: one that it left stands there while it rests. */
const framedFailureOf: typeof taskOf = (screen, context) =>
  context.state.instances[screen.panes.selected ?? '']?.state.kind === 'idle' ? failureOf(screen, context) : undefined;

/** The task that the frame of the selected agent tells of, else the one that it ended last. */
const framedTaskOf: typeof taskOf = (screen, context) => framedFailureOf(screen, context) ?? taskOf(screen, context);

/**
 * Opens the work of the selected agent: that of the task which its frame tells of, else what waits to be looked at, else what it did
 * last; the list where that is nothing.
 */
export const reviewSelected = (screen: ScreenState, context: Context): KeyResult => {
  const { state } = context;
  const { selected } = screen.panes;
  const instance = state.instances[selected ?? ''];
  const framed = framedFailureOf(screen, context)?.task ?? (instance && currentTask(instance, state.tasks));
  const own = valuesOf(state.tasks).filter((task) => !task.archived && reviewedRun(task)?.instance === selected);
  const found =
    own.find((task) => task === framed) ?? own.find((task) => awaitsReview(state.reviews, task)) ?? own.at(-1);
  return { screen: found ? openReview(screen, found.id) : openReviewList(screen) };
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
  diff: onTask(({ id }) => `show diff ${saidId(id)}`, NONE, framedTaskOf),
  brief: onTask(({ id }) => `show brief ${saidId(id)}`, NONE, framedTaskOf),
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
