import { z } from 'zod';
import { defineCommand } from './define.ts';
import { answerOf, fateSchema, living, resumeThem, stillPaused } from './pausing.ts';
import { instanceParams, selectInstances } from './selection.ts';

export const resumeInstance = defineCommand({
  verb: 'resume',
  noun: 'instance',
  summary: 'Let paused agents go on where they were',
  example: 'resume instance rehearsal-3',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'lets the processes of the agents go on',
  params: z.object(instanceParams),
  result: z.array(fateSchema),
  run: async (context, params) => {
    const fates = await resumeThem(context, {
      choose: (state) => living(selectInstances(state, params), params.id !== undefined),
    });
    const answer = answerOf(fates, 'instance', 'What has ended is started by: restart instance ID.');
    return { ...answer, message: `${answer.message}${stillPaused(context.store.state)}` };
  },
});
