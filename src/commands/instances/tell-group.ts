import { z } from 'zod';
import { isAlive } from '../../state/moves.ts';
import { defineCommand } from '../define.ts';
import { requireSome } from '../selection.ts';
import { groupIds, membersOf } from './group-members.ts';
import { tellInstances, toldSchema } from './messages.ts';

export const tellGroup = defineCommand({
  verb: 'tell',
  noun: 'group',
  summary: 'Type a message into all agents of a group that run; an agent may tell its own group',
  example: 'tell group backend "use the new API"',
  role: 'operator',
  agents: true,
  modifiers: [],
  target: 'required',
  text: 'text',
  reads: false,
  effects: 'types the text into the terminals of its agents, with Enter',
  params: z.object({ id: groupIds, text: z.string().describe('What to say') }),
  result: toldSchema,
  run: (context, { id, text }) => {
    const find = () => {
      const found = membersOf(context.store.state, id).filter((one) => isAlive(one.state.kind));
      return requireSome(found, 'instance', { state: ['running'], group: id.join(' or ') });
    };
    return tellInstances(context, find, text);
  },
});
