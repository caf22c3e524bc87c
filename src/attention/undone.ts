import { saidId } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isPresent, presentIn } from '../state/moves.ts';
import { isFailedRun, runsOf } from '../state/runs.ts';
import type { Task } from '../state/tasks.ts';
import { mayDo } from '../tasks/may-do.ts';
import { waitsForChoice } from '../tasks/race.ts';
import { isComingBack } from '../tasks/recovery.ts';
import { hasAll, waitingFor } from '../tasks/select.ts';
import { isGivenUp } from '../tasks/stranded.ts';
import { groupOf } from '../tasks/task-groups.ts';
import { type Blocked, givenUpWord, undoneOf } from './blocked.ts';
import { helpForInstance, isBroken } from './failure-help.ts';

/** What keeps an instance from its work, in the words of the alert about that, and what helps. */
const troubleWith = ({ alerts }: State, one: Instance): Blocked => {
  const { instance_id: id, state } = one;
  const alert = alerts[`instance:${id}`];
  const evidence = state.evidence ? `: ${state.evidence}` : '';
  const help = helpForInstance(one, alert?.suggestion ?? `restart instance ${saidId(id)}`);
  return { text: alert?.text ?? `${id} is ${state.kind}${evidence}`, help: help === null ? [] : [help] };
};

/** How the last attempt of a task ended that was opened again since; empty where it came to something. */
const lastEnd = (task: Task): string => {
  const run = runsOf(task).at(-1);
  if (!run?.failure) return '';
  const how = isFailedRun(run) ? `failed (${run.failure.class})` : 'was stopped';
  return `; attempt ${run.attempt} ${how}: ${run.failure.message}`;
};

/** Why nobody takes a task that somebody has asked for. */
const unmanned = (state: State, task: Task): Blocked => {
  const before = runsOf(task).at(-1)?.instance;
  const broken = Object.values(state.instances).filter((one) => isBroken(one) && mayDo(task, one));
  const one = broken.find(({ instance_id }) => instance_id === before) ?? broken[0];
  const { text, help } = one ? troubleWith(state, one) : { text: '', help: [] };
  const why = text === '' ? '' : `: ${text}`;
  return {
    text: `no agent is left to do ${task.id}${why}${lastEnd(task)}`,
    help: [...help, 'launch 1 instance'],
  };
};

/** The nearest of those that a task waits for which waits for nothing itself. */
const firstBefore = ({ tasks }: State, task: Task): Task | undefined => {
  const met = new Set(waitingFor(task, tasks));
  for (const id of met) {
    const before = tasks[id];
    if (!before || hasAll(before, tasks)) return before;
    for (const other of waitingFor(before, tasks)) met.add(other);
  }
  return undefined;
};

/** What a person has decided, or is to decide, about a task; undefined for nothing. */
const leftToPerson = (state: State, task: Task): Blocked | undefined => {
  const { id } = task;
  if (waitsForChoice(task, state.tasks))
    return { text: `the race for ${id} is over, and nobody has taken a winner`, help: [`show race ${saidId(id)}`] };
  if (isGivenUp(task)) {
    const again = task.archived ? 'unarchive' : 'retry';
    return { text: `${id} ${givenUpWord(task)}`, help: [`${again} task ${saidId(id)}`] };
  }
  if (!task.held || task.state === 'running') return undefined;
  return { text: `${id} is held back`, help: [`resume task ${saidId(id)}`] };
};

/** Why a task rests that has not failed, is not blocked, and waits for none that has or is. */
const restOf = (state: State, task: Task): Blocked => {
  const left = leftToPerson(state, task);
  if (left) return left;
  const { id, state: now, assignee } = task;
  const before = now === 'open' || now === 'assigned' ? firstBefore(state, task) : undefined;
  if (before) {
    const { text, help } = restOf(state, before);
    return { text: `${id} waits for ${before.id}: ${text}`, help };
  }
  const holder = assignee === null ? undefined : state.instances[assignee];
  if (holder && !isPresent(holder.state.kind)) {
    const { text, help } = troubleWith(state, holder);
    return { text: `${id} is left with ${assignee}: ${text}`, help };
  }
  if (now === 'open' && !task.requested)
    return { text: `${id} is not asked for any more${lastEnd(task)}`, help: [`run task ${saidId(id)}`] };
  if (now === 'open' && !presentIn(state).some((one) => mayDo(task, one))) return unmanned(state, task);
  return { text: `${id} is ${now}`, help: [`show task ${saidId(id)}`] };
};

/** Why a task that could begin is queued with nobody there to take it, and what helps; null where somebody is, or it does not begin. */
export const untakenOf = (state: State, task: Task): Blocked | null => {
  if (groupOf(task, state.tasks) !== 'queued' || state.swarm.paused) return null;
  const isThere = presentIn(state).some((one) => mayDo(task, one));
  const holder = task.assignee === null ? undefined : state.instances[task.assignee];
  return isThere || (holder && isComingBack(holder)) ? null : restOf(state, task);
};

/** Why a task did not get done and does not go on by itself, in the words of an alert where one tells of it, and what helps. */
export const whyUndone = (state: State, id: string): Blocked => {
  const task = Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;
  if (!task) return { text: `${id} was removed`, help: [] };
  return undoneOf(state, task) ?? restOf(state, task);
};
