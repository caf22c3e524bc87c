import { z } from 'zod';
import { withoutControls } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isAlive } from '../state/moves.ts';
import { defineCommand } from './define.ts';
import { badParameter, wrongState } from './errors.ts';
import { instanceParams, selectInstances, some, type Targets } from './selection.ts';
import { plural } from './wording.ts';

/** Who is meant: named ones whatever their state, of `all` those that live. */
const listeners = (state: State, targets: Targets): readonly Instance[] => {
  const found = some(selectInstances(state, targets), 'instance', targets);
  if (targets.id) return found;
  return some(
    found.filter((one) => isAlive(one.state.kind)),
    'instance',
    { state: ['running'] },
  );
};

export const tellInstance = defineCommand({
  verb: 'tell',
  noun: 'instance',
  summary: 'Type a message into the agents, with Enter',
  example: 'tell rehearsal-1 "use the new API"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  text: 'text',
  reads: false,
  params: z.object({ ...instanceParams, text: z.string().describe('What to say') }),
  loss: (state, { text: _text, ...targets }) => {
    const found = listeners(state, targets).map((one) => one.instance_id);
    return found.length > 1
      ? { targets: found, loses: `This types into ${plural(found.length, 'agent')} (${found.join(', ')}).` }
      : undefined;
  },
  run: async (context, { text, ...targets }) => {
    const clean = withoutControls(text).replaceAll('\n', ' ').trim();
    if (clean === '') throw badParameter({ command: 'tell instance', key: 'text', issue: 'there is nothing to say' });
    const found = listeners(context.store.state, targets);
    const dead = found.find((one) => !isAlive(one.state.kind) || one.pane === null);
    if (dead)
      throw wrongState({
        id: dead.instance_id,
        state: dead.state.kind,
        wants: 'nobody listens there',
        hint: `Say "restart instance ${dead.instance_id}" first.`,
      });
    for (const one of found) await context.tmux.type(one.pane!, clean, { enter: true });
    const ids = found.map((one) => one.instance_id);
    return {
      message: `Told ${ids.join(', ')}.`,
      data: { delivered: ids },
      sideEffects: ids.map((id) => `typed into ${id}`),
    };
  },
});
