import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { comingBackLoss } from './bringing-back.ts';
import { groupIds, membersOf } from './grouping.ts';
import { answerOf, fateSchema, resumable, resumeThem, stillPaused } from './pausing.ts';

export const resumeGroup = defineCommand({
  verb: 'resume',
  noun: 'group',
  summary: 'Let the agents of a group go on where they were: paused ones, and those that were lost or have failed',
  example: 'resume group backend',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects:
    'lets the processes of paused agents go on, and starts lost and failed ones again with their conversations and tasks',
  params: z.object({ id: groupIds }),
  result: z.array(fateSchema),
  loss: (state, { id }) => comingBackLoss(membersOf(state, id)),
  run: async (context, { id }) => {
    const fates = await resumeThem(context, { choose: (state) => resumable(membersOf(state, id), false) });
    const answer = answerOf(fates, 'instance', `See: show group ${id.join(', ')}`);
    return { ...answer, message: `${answer.message}${stillPaused(context.store.state)}` };
  },
});
