import { z } from 'zod';
import { oneLine, shorten } from '../../lib/text.ts';
import { groupSchema } from '../../state/groups.ts';
import { defineCommand } from '../define.ts';
import { groupTaken } from '../errors.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { groupFacts, joinFacts } from './group-members.ts';

/** Ids as a list, or as one text with commas. */
const instancesParam = idsParam.transform((ids) => ids.flatMap((id) => id.split(',')).filter((id) => id !== ''));

export const createGroup = defineCommand({
  verb: 'create',
  noun: 'group',
  summary: 'Make a named group of instances, to speak to them together and to give tasks to them alone',
  example: 'create group backend "server side"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'group',
  names: 'new',
  text: 'text',
  reads: false,
  effects: 'records the group and moves the instances that are named into it',
  params: z.object({
    id: idsParam.describe('Its name'),
    text: z.string().optional().describe('What it is for'),
    instances: instancesParam.optional().describe('Who belongs to it from the start'),
  }),
  result: groupSchema.extend({ members: z.array(z.string()) }),
  run: async (context, { id, text = '', instances = [] }) => {
    const group = requireOne(id, 'group');
    const description = shorten(oneLine(text), 200);
    await context.decide((state) => {
      if (Object.hasOwn(state.groups, group)) throw groupTaken({ group });
      const members = instances.map((one) => lookUp(state.instances, one, 'instance'));
      return [...groupFacts(state, group, description), ...joinFacts(members, group)];
    });
    const who = instances.length === 0 ? '' : ` with ${instances.join(', ')}`;
    return {
      message: `Created the group ${group}${who}.`,
      data: { ...context.store.state.groups[group], members: instances },
    };
  },
});
