import { z } from 'zod';
import { defineCommand } from './define.ts';
import { groupIds, membersOf } from './grouping.ts';
import { answerOf, fateSchema, living, resumeThem, stillPaused } from './pausing.ts';

export const resumeGroup = defineCommand({
  verb: 'resume',
  noun: 'group',
  summary: 'Let the paused agents of a group go on',
  example: 'resume group backend',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'lets the processes of its agents go on',
  params: z.object({ id: groupIds }),
  result: z.array(fateSchema),
  run: async (context, { id }) => {
    const fates = await resumeThem(context, { choose: (state) => living(membersOf(state, id), false) });
    const answer = answerOf(fates, 'instance', `See: show group ${id.join(', ')}`);
    return { ...answer, message: `${answer.message}${stillPaused(context.store.state)}` };
  },
});
