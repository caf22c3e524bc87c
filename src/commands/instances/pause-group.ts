import { z } from 'zod';
import { saidIds } from '../../protocol/say.ts';
import { defineCommand } from '../define.ts';
import { groupIds, membersOf } from './group-members.ts';
import { fateSchema, foretold, outcomeOf, pausable, pauseInstances, pauseLoss, pauseOf } from './pause-and-resume.ts';

const params = z.object({ id: groupIds });

const hintFor = ({ id }: z.infer<typeof params>): string => `See: show group ${saidIds(id)}`;

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
  params,
  result: z.array(fateSchema),
  loss: (state, { id }) => pauseLoss(membersOf(state, id)),
  ...foretold<z.infer<typeof params>>({
    fatesOf: ({ state }, { id }) => pausable(membersOf(state, id), false).map(pauseOf),
    noun: 'instance',
    hintFor,
  }),
  run: async (context, { id }) => {
    const fates = await pauseInstances(context, { choose: (state) => pausable(membersOf(state, id), false) });
    return outcomeOf(fates, 'instance', hintFor({ id }));
  },
});
