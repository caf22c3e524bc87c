import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';
import { comingBackLoss } from './bringing-back.ts';
import { answerOf, fateSchema, resumable, resumeThem, stillPaused } from './pausing.ts';

export const resumeInstance = defineCommand({
  verb: 'resume',
  noun: 'instance',
  summary: 'Let agents go on where they were: paused ones, and those that were lost or have failed',
  example: 'resume instance rehearsal-3',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects:
    'lets the processes of paused agents go on, and starts lost and failed ones again with their conversations and tasks',
  params: z.object(instanceParams),
  result: z.array(fateSchema),
  loss: (state, params) => comingBackLoss(selectInstances(state, params)),
  run: async (context, params) => {
    const fates = await resumeThem(context, {
      choose: (state) => resumable(selectInstances(state, params), params.id !== undefined),
    });
    const answer = answerOf(fates, 'instance', 'What was stopped is started by: restart instance ID.');
    return { ...answer, message: `${answer.message}${stillPaused(context.store.state)}` };
  },
});
