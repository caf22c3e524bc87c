import { z } from 'zod';
import { oneLine, shorten } from '../../lib/text.ts';
import { groupSchema } from '../../state/groups.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { defineCommand } from '../define.ts';
import { groupTaken } from '../errors.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { groupFacts, joinFacts } from './group-members.ts';

/** Ids as a list, or as one text with commas. */
const instancesParam = idsParam.transform((ids) => ids.flatMap((id) => id.split(',')).filter((id) => id !== ''));

const params = z.object({
  id: idsParam.describe('Its name'),
  text: z.string().optional().describe('What it is for'),
  instances: instancesParam.optional().describe('Who belongs to it from the start'),
});

/** The facts that make the group; refuses a name that is taken, and members that are not there. */
const factsFor = (state: State, { id, text = '', instances = [] }: z.infer<typeof params>): EventDraft[] => {
  const group = requireOne(id, 'group');
  if (Object.hasOwn(state.groups, group)) throw groupTaken({ group });
  const members = instances.map((one) => lookUp(state.instances, one, 'instance'));
  return [...groupFacts(state, group, shorten(oneLine(text), 200)), ...joinFacts(members, group)];
};

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
  params,
  result: groupSchema.extend({ members: z.array(z.string()) }),
  refuses: ({ state }, said) => void factsFor(state, said),
  run: async (context, said) => {
    const { id, instances = [] } = said;
    const group = requireOne(id, 'group');
    await context.decide((state) => factsFor(state, said));
    const who = instances.length === 0 ? '' : ` with ${instances.join(', ')}`;
    return {
      message: `Created the group ${group}${who}.`,
      data: { ...context.store.state.groups[group], members: instances },
    };
  },
});
