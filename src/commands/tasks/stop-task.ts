import { z } from 'zod';
import { dataOf, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, mayMove } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing, raceEndFacts } from '../../tasks/race.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';
import { isActive } from '../../tasks/startable.ts';
import { startOutcome, untilSettled } from '../instances/launch-facts.ts';
import { interruptFacts, isAtWork } from './assign-facts.ts';

/** The tasks whose runs end, of which there must be one. */
const chooseTasks = (state: State, params: Targets): readonly Task[] => {
  const found = requireSome(selectTasks(state, params), 'task', params).filter(isActive);
  if (found.length === 0) throw nothingToDo({ message: 'None of them is at work.', hint: 'Look at "list tasks".' });
  return found;
};

/** The instances that are at work on these tasks, whose programs can be ended now. */
const workersOf = (state: State, tasks: readonly Task[]): readonly Instance[] => {
  const ids = new Set(tasks.filter(isAtWork).map(({ assignee }) => assignee));
  return Object.values(state.instances).filter(
    (one) => ids.has(one.instance_id) && isAlive(one.state.kind) && mayMove(one.state.kind, 'creating'),
  );
};

/** The facts that end the programs of agents which may not hear that they are to leave off, and start them again. */
const restartFacts = (state: State, tasks: readonly Task[]): EventDraft[] =>
  workersOf(state, tasks).map(({ instance_id }) => ({
    type: 'instance.restart_requested',
    data: { instance_id, fresh: false },
  }));

const stopFacts = (state: State, task: Task): EventDraft[] => [
  ...(isRacing(task) ? raceEndFacts(state, task, { winner: null, reason: 'stopped by hand' }) : []),
  ...interruptFacts(task, 'stopped by hand'),
  { type: 'task.reopened', data: { id: task.id, reason: 'stopped by hand' } },
];

export const stopTask = defineCommand({
  verb: 'stop',
  noun: 'task',
  summary: 'Interrupt the run of a task; its instance and its branch stay, the task is open again',
  example: 'stop task 3.1',
  role: 'operator',
  modifiers: ['graceful', 'force'],
  aloud: ['graceful'],
  target: 'required',
  reads: false,
  effects:
    'interrupts the agent, by force by starting its program again; branch and instance stay, the task is open again',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that are open again'),
  loss: (state, params, modifiers) => {
    const tasks = chooseTasks(state, params);
    const targets = tasks.map((task) => task.id);
    const again = modifiers.includes('force') ? workersOf(state, tasks).map((one) => one.instance_id) : [];
    const ends =
      again.length === 0
        ? ''
        : `; the ${again.length === 1 ? 'program' : 'programs'} of ${again.join(', ')} ${again.length === 1 ? 'ends' : 'end'} at once and ${again.length === 1 ? 'is' : 'are'} started again`;
    return {
      targets,
      loses: `This interrupts ${plural(targets.length, 'task')} (${targets.join(', ')})${ends}; what is committed stays on the branches.`,
    };
  },
  targets: (state, params) => chooseTasks(state, params).map(({ id }) => id),
  run: async (context, params, modifiers) => {
    const force = modifiers.includes('force');
    // Nothing is ended for a program that could not be started.
    const ending = force ? workersOf(context.store.state, chooseTasks(context.store.state, params)) : [];
    for (const agent of new Set(ending.map((one) => one.agent))) await context.agents.assertStartable(agent);
    const facts = await context.decide((state) => {
      const tasks = chooseTasks(state, params);
      return [...tasks.flatMap((task) => stopFacts(state, task)), ...(force ? restartFacts(state, tasks) : [])];
    });
    const ids = idsOf(facts, 'task.reopened');
    const again = dataOf(facts, 'instance.restart_requested').map(({ instance_id }) => instance_id);
    const message = `Stopped ${ids.join(', ')}.`;
    const sideEffects = ids.map((id) => `run of ${id} interrupted`);
    if (again.length === 0) return { message, data: ids, sideEffects };
    const started = startOutcome(await untilSettled(context, again), again, message);
    return {
      message: started.exit === undefined ? started.message : `${message} ${started.message}`,
      data: ids,
      sideEffects: [...sideEffects, ...again.map((id) => `program of ${id} started again`)],
      ...(started.exit === undefined ? {} : { exit: started.exit }),
    };
  },
});
