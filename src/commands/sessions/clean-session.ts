import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { momentBefore, parseDuration } from '../../lib/duration.ts';
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
    older: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'it is a time like 30m, 24h or 7d')
      .optional()
      .describe('Only those in which nothing happened for so long, as 7d'),
  }),
  result: z.object({
    removed: z.array(z.string()).describe('With dry-run, what would be ended'),
    kept: z.array(z.string()).describe('Those in which something happened since'),
    continued: z.array(z.string()).describe('The names of the sessions in which goes on what a person runs there'),
    dry_run: z.boolean(),
  }),
  // Only tmux knows which sessions are left over; the alert says what the latest look found.
  loss: (state, { id, older }, modifiers) => {
    if (modifiers.includes('dry-run')) return undefined;
    const since = older === undefined ? '' : `, and in which nothing happened for ${older}`;
    const stays = 'what you run there yourself goes on in a session of another name.';
    if (id)
      return {
        targets: id,
        loses: `This ends ${plural(id.length, 'session')} (${id.join(', ')}), where no record knows ${id.length === 1 ? 'it' : 'them'}${since}; ${stays}`,
      };
    return {
      targets: [],
      loses: `This ends every tmux session that is marked as an agent of this repository and that no record knows${since}; ${stays} ${state.alerts['orphans']?.text ?? 'None was seen at the latest look'}.`,
    };
  },
  run: async (context, { id, older }, modifiers) => {
    const seats = await sessionsOf(context);
    const named = id ? id.map((one) => sessionNamed(seats, one)) : seats;
    const known = id ? named.find(({ row }) => !row.orphan) : undefined;
    if (known)
      throw wrongState({
        id: known.row.session,
        state: 'the session of an instance',
        wants: 'only sessions that no record knows are ended here',
        hint: `To end it: stop instance ${saidId(known.row.instance!)}`,
      });
    const before = older === undefined ? Number.POSITIVE_INFINITY : momentBefore(Date.parse(context.now()), older);
    const isOld = ({ row }: (typeof seats)[number]): boolean => Date.parse(row.last_activity) < before;
    const orphans = named.filter(({ row }) => row.orphan);
    const names = orphans.filter(isOld).map(({ row }) => row.session);
    const kept = orphans.filter((one) => !isOld(one)).map(({ row }) => row.session);
    const goesOn = (all: readonly string[]): string =>
      all.length === 0 ? '' : ` What you run there goes on in ${all.join(', ')}.`;
    const said = names.length === 0 ? '' : `: ${names.join(', ')}`;
    const stays =
      kept.length === 0
        ? ''
        : ` ${kept.length === 1 ? 'This one stays' : 'These stay'}, as something happened there since: ${kept.join(', ')}.`;
    if (modifiers.includes('dry-run'))
      return {
        message: `This would end ${plural(names.length, 'session')}${said}.${stays}`,
        data: { removed: names, kept, continued: [], dry_run: true },
      };
    const continued: string[] = [];
    for (const { mark } of orphans.filter(isOld)) continued.push(...(await context.tmux.kill(mark)));
    const left = (await sessionsOf(context)).some(({ row }) => row.orphan);
    await context.decide((state) =>
      !left && state.alerts['orphans']
        ? [{ type: 'alert.cleared', data: { id: 'orphans', because: 'the sessions were ended' } }]
        : [],
    );
    return {
      message: `${names.length + kept.length === 0 ? 'No session is left over.' : `Ended ${plural(names.length, 'session')}${said}.`}${goesOn(continued)}${stays}`,
      data: { removed: names, kept, continued, dry_run: false },
      sideEffects: names.map((name) => `session ${name} ended`),
    };
  },
});
