import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task } from '../../state/tasks.ts';
import { hasPassed, racersOf, raceEndFacts } from '../../tasks/race.ts';
import { defineCommand, type Loss } from '../define.ts';
import { wrongState } from '../errors.ts';
import { idsParam, oneTask } from '../selection.ts';
import { racingTask } from './racing-task.ts';

/** Refuses what cannot win, and names the racers that can. */
const refused = (state: State, task: Task, why: { id: string; state: string; wants: string }) => {
  const able = racersOf(task, state.tasks).filter(hasPassed);
  return wrongState({
    ...why,
    hint:
      able.length === 0
        ? `None of them has passed its gates yet: show race ${saidId(task.id)}`
        : `Name one of them: ${able.map(({ id }) => `choose task ${saidId(id)}`).join(' or ')}`,
  });
};

/** The racer that is meant, which must race now and have passed, and the task that it is for. */
const chosenIn = (state: State, ids: readonly string[]) => {
  const racer = oneTask(state, ids);
  const task = racingTask(state, ids);
  if (racer.id === task.id)
    throw refused(state, task, { id: task.id, state: 'what they race for', wants: 'a racer is chosen' });
  if (!racersOf(task, state.tasks).includes(racer))
    throw refused(state, task, {
      id: racer.id,
      state: `of an earlier race for ${task.id}`,
      wants: 'only a racer of the race that goes on can win',
    });
  if (!hasPassed(racer))
    throw wrongState({
      id: racer.id,
      state: racer.state,
      wants: 'only a racer that has passed its gates can win',
      hint: `Look at it: show race ${saidId(task.id)}`,
    });
  return { racer, task };
};

/** Choosing before all have finished stops the others. */
const lossOf = (state: State, ids: readonly string[]): Loss | undefined => {
  const { racer, task } = chosenIn(state, ids);
  const others = racersOf(task, state.tasks).filter((one) => ['assigned', 'running', 'verifying'].includes(one.state));
  if (others.length === 0) return undefined;
  const names = others.map(({ id }) => id).join(', ');
  return { targets: [racer.id], loses: `This stops ${names}; what they have committed is archived.` };
};

/** How the work of the winner comes to be merged. */
const mergeText = ({ review }: Pick<Settings, 'review'>, task: string): string => {
  const id = saidId(task);
  return review === 'before-merge'
    ? `Before it is merged, look at it: review task ${id}; then: approve task ${id}`
    : `To merge the winner: merge branch ${id}`;
};

export const chooseTask = defineCommand({
  verb: 'choose',
  noun: 'task',
  summary: 'Take the winner of a race: its work is that of the task, the work of the others is archived',
  example: 'choose task 3.1@claude-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'ends the race: the task is done by this racer, the others are stopped and archived',
  params: z.object({ id: idsParam.describe('The racer that wins') }),
  result: z.object({ task: z.string(), winner: z.string(), archived: z.array(z.string()) }),
  loss: (state, { id }) => lossOf(state, id),
  run: async (context, { id }) => {
    let chosen = { task: '', winner: '', archived: [] as string[] };
    await context.decide((state) => {
      const { racer, task } = chosenIn(state, id);
      const others = racersOf(task, state.tasks).flatMap((one) => (one.id === racer.id ? [] : [one.id]));
      chosen = { task: task.id, winner: racer.id, archived: others };
      return raceEndFacts(state, task, { winner: racer.id, reason: `chosen by ${context.actor.name}` });
    });
    const { task, winner, archived } = chosen;
    return {
      message: `${winner} wins: ${task} is done. The work of ${archived.join(', ')} is archived. ${mergeText(context.settings, task)}`,
      data: chosen,
    };
  },
});
