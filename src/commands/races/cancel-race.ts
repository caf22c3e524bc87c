import { z } from 'zod';
import { raceEndFacts, racersOf } from '../../tasks/race.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { racingTask } from './racing-task.ts';

export const cancelRace = defineCommand({
  verb: 'cancel',
  noun: 'race',
  summary: 'Give a race up: the racers are stopped, their work is archived, and the task is open again',
  example: 'cancel race 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'stops the racers and archives what they have committed; the task is open again',
  params: z.object({ id: idsParam.describe('The task') }),
  result: z.object({ task: z.string(), racers: z.array(z.string()) }),
  loss: (state, { id }) => {
    const task = racingTask(state, id);
    const names = racersOf(task, state.tasks).map((racer) => racer.id);
    const loses = `This gives up what ${names.join(', ')} did; what is committed is archived.`;
    return { targets: [task.id], loses };
  },
  run: async (context, { id }) => {
    let racers: string[] = [];
    const { id: named } = racingTask(context.store.state, id);
    await context.decide((state) => {
      const task = racingTask(state, [named]);
      racers = racersOf(task, state.tasks).map((racer) => racer.id);
      return raceEndFacts(state, task, { winner: null, reason: 'given up' });
    });
    return {
      message: `The race for ${named} is given up, and ${named} is open again; the work of ${racers.join(', ')} is archived.`,
      data: { task: named, racers },
    };
  },
});
