import { z } from 'zod';
import { type Context, defineCommand } from '../define.ts';
import { stopInstances, stopLoss, stoppedSchema } from '../instances/stop-and-remove.ts';
import { sessionsOf } from '../sessions/session-rows.ts';

/** Ends the sessions of agents that have ended themselves: they stood there to be read, and for nothing else. */
const endLeftSessions = async (context: Context): Promise<readonly string[]> => {
  const left = (await sessionsOf(context)).filter(({ row }) => !row.orphan);
  for (const { mark } of left) await context.tmux.kill(mark);
  return left.map(({ row }) => row.session);
};

export const stopSwarm = defineCommand({
  verb: 'stop',
  noun: 'swarm',
  summary: 'End every instance of this repository and the daemon',
  example: 'stop swarm',
  role: 'operator',
  modifiers: ['graceful', 'force'],
  aloud: ['graceful'],
  target: 'required',
  reads: false,
  effects:
    'ends all agents, their tmux sessions and the daemon; work in progress is committed; worktrees and branches stay',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(stoppedSchema),
  loss: (state, _params, modifiers) =>
    stopLoss(state, Object.values(state.instances), { force: modifiers.includes('force') }),
  run: async (context, _params, modifiers) => {
    const force = modifiers.includes('force');
    const outcome = await stopInstances(context, (state) => Object.values(state.instances), { force, remove: false });
    const left = outcome.exit === undefined ? await endLeftSessions(context) : [];
    context.shutDown();
    return {
      ...outcome,
      message: `${outcome.message} The daemon ends as well.`,
      sideEffects: [
        ...(outcome.sideEffects ?? []),
        ...left.map((session) => `session ${session} ended`),
        'daemon stopped',
      ],
    };
  },
});
