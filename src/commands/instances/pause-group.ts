import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { groupIds, membersOf } from './group-members.ts';
import { fateSchema, outcomeOf, pausable, pauseInstances, pauseLoss } from './pause-and-resume.ts';

export const pauseGroup = defineCommand({
  verb: 'pause',
  noun: 'group',
  summary: 'Freeze the agents of a group',
  example: 'pause group backend',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'freezes every process of its agents',
  params: z.object({ id: groupIds }),
  result: z.array(fateSchema),
  loss: (state, { id }) => pauseLoss(membersOf(state, id)),
  run: async (context, { id }) => {
    const fates = await pauseInstances(context, { choose: (state) => pausable(membersOf(state, id), false) });
    return outcomeOf(fates, 'instance', `See: show group ${id.join(', ')}`);
  },
});
