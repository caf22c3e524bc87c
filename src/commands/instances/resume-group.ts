import { z } from 'zod';
import { saidIds } from '../../protocol/say.ts';
import { defineCommand } from '../define.ts';
import { groupIds, membersOf } from './group-members.ts';
import { bringBackLoss } from './lost-instances.ts';
import {
  fateSchema,
  foretold,
  outcomeOf,
  resumable,
  resumeInstances,
  resumesOf,
  stillPausedText,
} from './pause-and-resume.ts';

const params = z.object({ id: groupIds });

const hintFor = ({ id }: z.infer<typeof params>): string => `See: show group ${saidIds(id)}`;

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
  params,
  result: z.array(fateSchema),
  loss: (state, { id }) => bringBackLoss(membersOf(state, id)),
  ...foretold<z.infer<typeof params>>({
    fatesOf: ({ state, settings }, { id }) => resumesOf({ settings }, state, resumable(membersOf(state, id), false)),
    noun: 'instance',
    hintFor,
    adds: stillPausedText,
  }),
  run: async (context, { id }) => {
    const fates = await resumeInstances(context, { choose: (state) => resumable(membersOf(state, id), false) });
    const answer = outcomeOf(fates, 'instance', hintFor({ id }));
    return { ...answer, message: `${answer.message}${stillPausedText(context.store.state)}` };
  },
});
