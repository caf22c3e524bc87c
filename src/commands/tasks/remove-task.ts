import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { valuesOf } from '../../lib/records.ts';
import { alertClearingFacts, dataOf, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { waiterAmong } from '../../tasks/gates.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { refuseRacing } from '../races/racing-task.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';
import { interruptFacts, isAtWork } from './assign-facts.ts';

type How = { readonly force: boolean; readonly waiterFor: ReturnType<typeof waiterAmong> };

/** Refuses to remove a task that an instance works on, unless by force, or that a task which stays still needs. */
const checkRemovable = (state: State, task: Task, { force, waiterFor }: How): void => {
  refuseRacing(state, task);
  if (isAtWork(task) && !force)
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: 'it cannot be removed',
      hint: `First say: stop task ${saidId(task.id)}`,
    });
  const needed = waiterFor(task);
  if (needed)
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: `${needed.id} depends on it`,
      hint: `First say: set task ${saidId(needed.id)} deps=none`,
    });
};

/** The tasks that go; each of them may. */
const chooseTasks = (state: State, params: Targets, force = false): readonly Task[] => {
  const found = requireSome(selectTasks(state, params), 'task', params);
  const ids = new Set(found.map((task) => task.id));
  const waiterFor = waiterAmong(valuesOf(state.tasks).filter((one) => one.state !== 'done' && !ids.has(one.id)));
  for (const task of found) checkRemovable(state, task, { force, waiterFor });
  return found;
};

const byForce = (modifiers: readonly string[]): boolean => modifiers.includes('force');

/** The facts that end the runs of tasks which are to go: an agent is told to leave off only what is still there. */
const endFacts = (tasks: readonly Task[]): EventDraft[] =>
  tasks
    .filter(isAtWork)
    .flatMap((task) => [
      ...interruptFacts(task, 'removed by hand'),
      { type: 'task.reopened', data: { id: task.id, reason: 'removed by hand' } },
    ]);

export const removeTask = defineCommand({
  verb: 'remove',
  noun: 'task',
  summary: 'Take tasks out of the plan; their branches stay',
  example: 'remove task t4',
  role: 'operator',
  modifiers: ['force'],
  target: 'required',
  reads: false,
  effects: 'takes the tasks out of the plan, by force also those at work, whose runs end; their branches stay',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that are gone'),
  loss: (state, params, modifiers) => {
    const tasks = chooseTasks(state, params, byForce(modifiers));
    const targets = tasks.map((task) => task.id);
    const runs = tasks.filter(isAtWork).map((task) => task.id);
    const ends =
      runs.length === 0
        ? ''
        : ` the ${runs.length === 1 ? 'run' : 'runs'} of ${runs.join(', ')} ${runs.length === 1 ? 'is' : 'are'} interrupted;`;
    return {
      targets,
      loses: `This takes ${plural(targets.length, 'task')} (${targets.join(', ')}) out of the plan;${ends} branches and commits stay.`,
    };
  },
  run: async (context, params, modifiers) => {
    const force = byForce(modifiers);
    const ended = force
      ? await context.decide(
          (state) => endFacts(chooseTasks(state, params, force)),
          ({ type }) => type === 'run.failed' || type === 'task.reopened',
        )
      : [];
    const facts = await context.decide(
      (state) =>
        chooseTasks(state, params).flatMap(({ id }): EventDraft[] => [
          { type: 'task.removed', data: { id } },
          ...alertClearingFacts(state, id, 'removed'),
        ]),
      ({ type }) => type === 'task.removed' || type === 'alert.cleared',
    );
    const ids = idsOf(facts, 'task.removed');
    return {
      message: `Removed ${ids.join(', ')}.`,
      data: ids,
      sideEffects: dataOf(ended, 'run.failed').map(({ id }) => `run of ${id} interrupted`),
    };
  },
});
