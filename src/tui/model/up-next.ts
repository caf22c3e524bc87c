import { tasksToAssign } from '../../attention/standstill.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { pinnedTo } from '../../tasks/may-do.ts';
import { hasAll } from '../../tasks/select.ts';
import { groupTasks } from '../../tasks/task-groups.ts';
import type { ScreenModel } from './screen-model.ts';

const BEGUN: ReadonlySet<string> = new Set(['running', 'verifying', 'done', 'failed', 'cancelled']);

type Queued = Readonly<Record<'begins' | 'toAssign' | 'forStopped', readonly Task[]>>;

const sortOut = (state: State, isManual: boolean): Queued => {
  const groups = groupTasks(state);
  const toAssign = tasksToAssign(groups, isManual);
  const forStopped = groups.queued.filter((task) => state.instances[pinnedTo(task) ?? '']?.state.kind === 'stopped');
  const isOut = new Set([...toAssign, ...forStopped]);
  return { begins: groups.queued.filter((task) => !isOut.has(task)), toAssign, forStopped };
};

// Header and strip ask several times for each picture.
const known = new WeakMap<State, { readonly isManual: boolean; readonly queued: Queued }>();

/** What is asked for: what begins by itself, what a person has to assign before, and what only an agent may do that was stopped. */
export const queuedOf = ({ state, surroundings }: Pick<ScreenModel, 'state' | 'surroundings'>): Queued => {
  const isManual = surroundings?.isManual ?? false;
  const found = known.get(state);
  if (found?.isManual === isManual) return found.queued;
  const queued = sortOut(state, isManual);
  known.set(state, { isManual, queued });
  return queued;
};

/** Whether a task that was foretold to begin next is still to be begun. */
export const isToBegin = ({ tasks }: Pick<State, 'tasks'>, next: string | null): boolean => {
  const task = tasks[next ?? ''];
  return task !== undefined && !BEGUN.has(task.state);
};

/**
 * The task that begins next: what is foretold, which may be some seconds old, unless it has begun since; else the first that
 * is queued and waits for no other.
 */
export const upNext = ({
  state,
  outlook,
  surroundings,
}: Pick<ScreenModel, 'state' | 'outlook' | 'surroundings'>): Task | undefined => {
  if (isToBegin(state, outlook.next)) return state.tasks[outlook.next!];
  const { begins } = queuedOf({ state, surroundings });
  return begins.find((task) => hasAll(task, state.tasks));
};
