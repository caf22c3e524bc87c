import { saidId } from '../../protocol/say.ts';
import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isStaying } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import { isPretence, trialCommand } from '../../tasks/may-do.ts';
import { plural } from '../../text/wording.ts';
import type { Loss } from '../define.ts';
import { onlyPretends, wrongState } from '../errors.ts';
import { refuseRacing } from '../races/racing-task.ts';
import { oneInstance } from '../selection.ts';
import { redoHint } from './run-hints.ts';

/** Whether an instance works on the task, so that moving the task interrupts a run. */
export const isAtWork = (task: Task): boolean => task.state === 'running' || task.state === 'verifying';

/** What moving these tasks interrupts; undefined when none of them is being worked on. */
export const interruptLoss = (tasks: readonly Task[]): Loss | undefined => {
  const targets = tasks.filter(isAtWork).map((task) => task.id);
  if (targets.length === 0) return undefined;
  const loses = `This interrupts ${plural(targets.length, 'run')} (${targets.join(', ')}); what is committed stays on the branches.`;
  return { targets, loses };
};

/** The facts that end a run in progress before its task goes elsewhere. */
export const interruptFacts = (task: Task, message: string): EventDraft[] =>
  isAtWork(task) ? [{ type: 'run.failed', data: { id: task.id, failure: { class: 'stopped', message } } }] : [];

/** Refuses work that is real for an agent that only pretends to work. */
export const assertRealWorker = (
  { specs }: Pick<State, 'specs'>,
  tasks: readonly Task[],
  worker: Pick<Instance, 'takes_plans'> & { readonly name: string },
): void => {
  const task = tasks.find((one) => isPretence(one, worker));
  if (!task) return;
  const plan = task.spec === null ? null : { name: task.spec, trial: trialCommand(specs, task.spec) };
  throw onlyPretends({ agent: worker.name, task: task.id, plan });
};

/** Refuses an instance that takes no tasks. */
export const assertTakesTasks = (state: State, tasks: readonly Task[], to: string): void => {
  const instance = oneInstance(state, [to]);
  assertRealWorker(state, tasks, { name: to, ...instance });
  if (!isStaying(instance.state.kind))
    throw wrongState({
      id: to,
      state: instance.state.kind,
      wants: 'it takes no tasks',
      hint: `First say: restart instance ${saidId(to)}`,
    });
};

/**
 * The facts that give tasks to an instance by hand; it gets those at work already after their runs are interrupted. With
 * `pinned` they wait for this instance; else others may take them when it leaves.
 */
export const assignFacts = (state: State, tasks: readonly Task[], to: string, pinned = true): EventDraft[] => {
  assertTakesTasks(state, tasks, to);
  return tasks.flatMap((task): EventDraft[] => {
    if (['done', 'cancelled'].includes(task.state))
      throw wrongState({
        id: task.id,
        state: task.state,
        wants: 'it cannot be assigned',
        hint: redoHint(task),
      });
    refuseRacing(state, task);
    if (isAtWork(task) && task.assignee === to) return [];
    if (task.archived)
      throw wrongState({
        id: task.id,
        state: 'archived',
        wants: 'it is not run',
        hint: `First say: unarchive task ${saidId(task.id)}`,
      });
    return [
      ...interruptFacts(task, `moved to ${to}`),
      { type: 'task.requested', data: { ids: [task.id] } },
      { type: 'task.assigned', data: { id: task.id, instance: to, pinned, reason: 'by hand' } },
      ...alertClearingFacts(state, task.id, `given to ${to}`),
    ];
  });
};
