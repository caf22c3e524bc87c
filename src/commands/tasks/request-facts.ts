import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isPresent, presentIn } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import { isPretence, mayDo } from '../../tasks/may-do.ts';
import { isRacing, waitsForChoice } from '../../tasks/race.ts';
import { isComingBack } from '../../tasks/recovery.ts';
import { nextRetry, pinAgainFacts, pinnedBefore, type RetriesOf } from '../../tasks/retry.ts';
import { planOrder, waitingFor } from '../../tasks/select.ts';
import { isGivenUp } from '../../tasks/stranded.ts';
import { badParameter } from '../errors.ts';
import { lookUp, oneInstance } from '../selection.ts';
import { assignFacts } from './assign-facts.ts';

/** How tasks are asked to be run. */
export type Wish = {
  readonly mode: string | null;
  readonly fresh: boolean;
  /** All tasks one after the other, by one instance. */
  readonly sequential: boolean;
  readonly group: string | null;
  readonly agent: string | null;
  readonly on: string | undefined;
};

/** The instances that could be given at least one of these tasks with this wish. */
export const ableInstances = (
  state: State,
  tasks: readonly Task[],
  { group, agent }: Pick<Wish, 'group' | 'agent'>,
): Instance[] =>
  presentIn(state).filter(
    (one) =>
      one.state.kind !== 'stopping' &&
      (group ?? one.group) === one.group &&
      (agent ?? one.agent) === one.agent &&
      !tasks.every((task) => isPretence(task, one)),
  );

/** Refuses a wish that contradicts itself, or names what is not there. */
export const checkWish = (state: State, wish: Wish): void => {
  if (wish.group !== null) lookUp(state.groups, wish.group, 'group');
  if (wish.on === undefined) return;
  const { instance_id, agent, group } = oneInstance(state, [wish.on]);
  const wrong = (key: string, what: string) =>
    badParameter({ command: 'run task', key, issue: `${instance_id} ${what}; leave out either` });
  if (wish.agent !== null && wish.agent !== agent) throw wrong('agent', `runs ${agent}`);
  if (wish.group !== null && wish.group !== group) throw wrong('group', `belongs to ${group ?? 'no group'}`);
};

/** The fact that asks for tasks. A task that waits already (`known`) keeps those wishes that are not said again. */
const requestFact = (ids: readonly string[], wish: Wish, known: boolean): EventDraft[] => {
  if (ids.length === 0) return [];
  const { mode, fresh, group, agent } = wish;
  const said = {
    ...(mode === null ? {} : { mode }),
    ...(fresh ? { fresh } : {}),
    ...(group === null ? {} : { group }),
    ...(agent === null ? {} : { agent }),
  };
  const data = known ? said : { mode, fresh, group, agent };
  return [{ type: 'task.requested', data: { ids: [...ids], ...data, retries: 0 } }];
};

/**
 * The instance for a row of tasks: a free one in the mode already, else a free one, else the one with the least to do.
 */
const oneOf = (state: State, tasks: readonly Task[], wish: Wish): string | undefined => {
  const cost = (one: Instance): number =>
    (one.state.kind === 'idle' ? 0 : 4) +
    2 * one.task_assignments.length +
    (one.mode === (wish.mode ?? one.launch_mode) ? 0 : 1);
  const able = ableInstances(state, tasks, wish).filter((one) => !tasks.some((task) => isPretence(task, one)));
  return able.toSorted((a, b) => cost(a) - cost(b))[0]?.instance_id;
};

const inARow = (tasks: readonly Task[], instance: string): EventDraft[] =>
  tasks.map(({ id }, i): EventDraft => {
    const reason = `one after the other, ${i + 1} of ${tasks.length}`;
    return { type: 'task.assigned', data: { id, instance, pinned: true, reason } };
  });

const inPlanOrder = (state: State, tasks: readonly Task[]): readonly Task[] => {
  const position = new Map(planOrder(state.specs, state.tasks).map((id, index) => [id, index]));
  return tasks.toSorted((a, b) => position.get(a.id)! - position.get(b.id)!);
};

/** The facts that leave failed tasks with those that a person gave them to, where these are such as are wanted. */
const stayingFacts = (state: State, tasks: readonly Task[], { agent, group }: Wish): EventDraft[] =>
  tasks
    .filter((task) => task.state === 'failed')
    .flatMap((task) => {
      const one = state.instances[pinnedBefore(task) ?? ''];
      const isOther = (agent ?? one?.agent) !== one?.agent || (group ?? one?.group) !== one?.group;
      return isOther ? [] : pinAgainFacts(state, task, 'it was given to it by hand');
    });

/** The facts that ask for tasks; `launched` is an instance that is brought into being for them. */
export const requestFacts = (
  state: State,
  tasks: readonly Task[],
  wish: Wish,
  launched: string | undefined,
): EventDraft[] => {
  const reopened = tasks
    .filter((task) => task.state !== 'open')
    .flatMap(({ id }): EventDraft[] => [
      { type: 'task.reopened', data: { id, reason: 'run again' } },
      ...alertClearingFacts(state, id, 'run again'),
    ]);
  const isKnown = (task: Task): boolean => task.state === 'open' && task.requested;
  const ids = (known: boolean): string[] => tasks.filter((task) => isKnown(task) === known).map((task) => task.id);
  const requested = [...requestFact(ids(false), wish, false), ...requestFact(ids(true), wish, true)];
  const row = wish.sequential ? inPlanOrder(state, tasks) : tasks;
  if (wish.on !== undefined) return [...reopened, ...requested, ...assignFacts(state, row, wish.on)];
  const one = wish.sequential ? (launched ?? oneOf(state, row, wish)) : undefined;
  return [...reopened, ...requested, ...(one === undefined ? stayingFacts(state, tasks, wish) : inARow(row, one))];
};

/** Whether no instance is left that could go on with the task. */
const isLeft = (state: State, task: Task): boolean => {
  const present = presentIn(state);
  if (task.state === 'open' || task.state === 'failed') return !present.some((one) => mayDo(task, one));
  const holder = state.instances[task.assignee ?? ''];
  return !holder || !(isPresent(holder.state.kind) || isComingBack(holder));
};

/** Whether a task will not go on by itself, whatever it waits for: it has ended, is held back, or nobody is left for it. */
const endsHere = (state: State, task: Task, retriesOf: RetriesOf): boolean => {
  if (['done', 'blocked', 'cancelled'].includes(task.state) || isGivenUp(task)) return true;
  if (task.state === 'verifying' || (isRacing(task) && !waitsForChoice(task, state.tasks))) return false;
  // Nobody begins what is held back before somebody lets it go on.
  if (task.held && task.state !== 'running') return true;
  if (task.state === 'failed') return !nextRetry(task, retriesOf) || isLeft(state, task);
  return isLeft(state, task) || (task.state === 'open' && !task.requested);
};

/**
 * A test whether a task will not go on by itself, or waits for one that does not. Each task is looked at once, however many wait
 * for it: between those of a plan there are more ways than there is time.
 */
export const endedIn = (state: State, retriesOf: RetriesOf): ((id: string) => boolean) => {
  const goingOn = new Set<string>();
  const awaitedBy = (task: Task): readonly string[] =>
    ['open', 'assigned'].includes(task.state) && !goingOn.has(task.id) ? waitingFor(task, state.tasks) : [];
  return (id) => {
    const met = new Set([id]);
    for (const one of met) {
      const task = state.tasks[one];
      if (!task || endsHere(state, task, retriesOf)) return true;
      for (const before of awaitedBy(task)) met.add(before);
    }
    for (const one of met) goingOn.add(one);
    return false;
  };
};
