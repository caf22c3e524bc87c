import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, requireSome, selectInstances, type Targets } from '../selection.ts';
import { assertAllListen, othersThan, tellInstances, toldSchema } from './messages.ts';

/** The instances to be told: named ones whatever their state, else those that live. */
const listeners = (state: State, targets: Targets): readonly Instance[] => {
  const found = requireSome(selectInstances(state, targets), 'instance', targets);
  if (targets.id) return found;
  return requireSome(
    found.filter((one) => isAlive(one.state.kind)),
    'instance',
    { ...targets, state: ['running'] },
  );
};

export const tellInstance = defineCommand({
  verb: 'tell',
  noun: 'instance',
  summary: 'Type a message into the agents, with Enter; an agent may tell those of its own group',
  example: 'tell rehearsal-1 "use the new API"',
  role: 'operator',
  agents: true,
  modifiers: [],
  target: 'required',
  text: 'text',
  reads: false,
  effects: 'types the text into the agents’ terminals, with Enter',
  params: z.object({ ...instanceParams, text: z.string().describe('What to say') }),
  result: toldSchema,
  loss: (state, { text: _text, ...targets }) => {
    const found = listeners(state, targets).map((one) => one.instance_id);
    // Whoever names instances one by one, or a group, means all of them: nothing is asked.
    if (found.length < 2 || targets.id !== undefined || targets.group !== undefined) return undefined;
    return { targets: found, loses: `This types into ${plural(found.length, 'agent')} (${found.join(', ')}).` };
  },
  refuses: ({ state, reader }, { text: _text, ...targets }) =>
    assertAllListen(othersThan(reader, listeners(state, targets))),
  run: (context, { text, ...targets }) => tellInstances(context, () => listeners(context.store.state, targets), text),
});
