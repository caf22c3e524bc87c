import { z } from 'zod';
import { isAlive } from '../../state/moves.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, requireSome, selectInstances } from '../selection.ts';
import { detachClients, detachedSchema, noSession, sessionsOf } from './session-rows.ts';

export const detachInstance = defineCommand({
  verb: 'detach',
  noun: 'instance',
  summary: 'Send everybody away who looks at the agent’s session; the agent goes on',
  example: 'detach rehearsal-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'ends the tmux clients that look at it; the agent goes on',
  params: z.object(instanceParams),
  result: detachedSchema,
  // The session of an agent that has ended may be there still.
  unsure: ({ state }, targets) => selectInstances(state, targets).some((one) => !isAlive(one.state.kind)),
  run: async (context, targets) => {
    const found = requireSome(selectInstances(context.store.state, targets), 'instance', targets);
    const seats = await sessionsOf(context);
    const theirs = found.flatMap((one) => {
      const seat = seats.find(({ row }) => row.instance === one.instance_id);
      if (!seat && targets.id) throw noSession(one.instance_id, one.state.kind);
      return seat ? [seat] : [];
    });
    return detachClients(context, theirs);
  },
});
