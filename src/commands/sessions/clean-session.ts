import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { sessionNamed, sessionsOf } from './session-rows.ts';

export const cleanSession = defineCommand({
  verb: 'clean',
  noun: 'session',
  summary: 'End the tmux sessions that are marked as agents of this repository and that no record knows',
  example: 'clean sessions',
  role: 'operator',
  modifiers: ['dry-run'],
  later: { parameters: ['older'] },
  target: 'none',
  reads: false,
  effects: 'ends the tmux sessions of this repository that belong to no instance',
  params: z.object({
    id: idsParam.optional().describe('Only these sessions'),
    scope: z.literal('all').optional(),
    state: z
      .union([z.literal('stale'), z.tuple([z.literal('stale')])])
      .optional()
      .describe('stale, which is what they are'),
  }),
  result: z.object({ removed: z.array(z.string()), kept: z.array(z.string()).describe('What would be ended') }),
  // Only tmux knows which sessions are left over; the alert says what the latest look found.
  loss: (state, _params, modifiers) =>
    modifiers.includes('dry-run')
      ? undefined
      : {
          targets: [],
          loses: `This ends every tmux session that is marked as an agent of this repository and that no record knows, with what runs there. ${state.alerts['orphans']?.text ?? 'None was seen at the latest look'}.`,
        },
  run: async (context, { id }, modifiers) => {
    const seats = await sessionsOf(context);
    const named = id ? id.map((one) => sessionNamed(seats, one)) : seats;
    const known = id ? named.find(({ row }) => !row.orphan) : undefined;
    if (known)
      throw wrongState({
        id: known.row.session,
        state: 'the session of an instance',
        wants: 'only sessions that no record knows are ended here',
        hint: `To end it: stop instance ${known.row.instance}`,
      });
    const orphans = named.filter(({ row }) => row.orphan);
    const names = orphans.map(({ row }) => row.session);
    const said = names.length === 0 ? '' : `: ${names.join(', ')}`;
    if (modifiers.includes('dry-run'))
      return {
        message: `This would end ${plural(names.length, 'session')}${said}.`,
        data: { removed: [], kept: names },
      };
    for (const { row, mark } of orphans) await context.tmux.kill(row.session, mark);
    const left = (await sessionsOf(context)).some(({ row }) => row.orphan);
    await context.decide((state) =>
      !left && state.alerts['orphans']
        ? [{ type: 'alert.cleared', data: { id: 'orphans', because: 'the sessions were ended' } }]
        : [],
    );
    return {
      message: names.length === 0 ? 'No session is left over.' : `Ended ${plural(names.length, 'session')}${said}.`,
      data: { removed: names, kept: [] },
      sideEffects: names.map((name) => `session ${name} ended`),
    };
  },
});
