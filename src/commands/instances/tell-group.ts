import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { defineCommand } from '../define.ts';
import { requireSome } from '../selection.ts';
import { groupIds, membersOf } from './group-members.ts';
import { assertAllListen, othersThan, tellInstances, toldSchema } from './messages.ts';

/** The members of these groups who live, of whom there must be one. */
const hearersIn = (state: State, id: readonly string[]): readonly Instance[] => {
  const found = membersOf(state, id).filter((one) => isAlive(one.state.kind));
  return requireSome(found, 'instance', { state: ['running'], group: id.join(' or ') });
};

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
  refuses: ({ state, reader }, { id }) => assertAllListen(othersThan(reader, hearersIn(state, id))),
  run: (context, { id, text }) => tellInstances(context, () => hearersIn(context.store.state, id), text),
});
