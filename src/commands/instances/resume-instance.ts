import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';
import { bringBackLoss } from './lost-instances.ts';
import { fateSchema, outcomeOf, resumable, resumeInstances, stillPausedText } from './pause-and-resume.ts';

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
  loss: (state, params) => bringBackLoss(selectInstances(state, params)),
  run: async (context, params) => {
    const fates = await resumeInstances(context, {
      choose: (state) => resumable(selectInstances(state, params), params.id !== undefined),
    });
    const answer = outcomeOf(fates, 'instance', 'What was stopped is started by: restart instance ID.');
    return { ...answer, message: `${answer.message}${stillPausedText(context.store.state)}` };
  },
});
