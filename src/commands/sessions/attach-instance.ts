import { z } from 'zod';
import { adviceOf } from '../../lib/errors.ts';
import { isAlive } from '../../state/moves.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { attachOutcome, attachSchema, noSession, sessionsOf } from './session-rows.ts';

/** The session of an instance; rejects where there is none. */
const sessionOf = async (context: Pick<Context, 'paths' | 'store' | 'tmux'>, id: readonly string[]) => {
  const { instance_id, state } = oneInstance(context.store.state, id);
  // By its mark: a person may have given it another name.
  const found = (await sessionsOf(context)).find(({ row }) => row.instance === instance_id);
  if (!found) throw noSession(instance_id, state.kind);
  return { instance_id, found };
};

export const attachInstance = defineCommand({
  verb: 'attach',
  noun: 'instance',
  summary: 'Hand this terminal to the agent’s tmux session; detach to come back. A viewer may look only',
  example: 'attach rehearsal-1',
  role: 'viewer',
  modifiers: ['read-only'],
  looksWith: 'read-only',
  target: 'required',
  one: 'instance',
  reads: true,
  params: z.object({ id: idsParam }),
  result: attachSchema,
  // The session of an agent that has ended may be there still.
  unsure: ({ state }, { id }) => !isAlive(oneInstance(state, id).state.kind),
  notice: (context, { id }) =>
    sessionOf(context, id).then(
      () => undefined,
      (error: unknown) => adviceOf(error),
    ),
  run: async (context, { id }, modifiers) => {
    const { instance_id, found } = await sessionOf(context, id);
    return attachOutcome(context, { instance: instance_id, session: found.row.session }, modifiers);
  },
});
