import { z } from 'zod';
import { momentBefore } from '../../lib/duration.ts';
import type { OldLines } from '../../ports/history.ts';
import { formatSize, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { ageParam } from './age.ts';

const dataSchema = z.object({
  removed: z
    .object({
      lines: z.number().int(),
      from: z.string(),
      to: z.string(),
      bytes: z.number().int().describe('How much of the disk they take'),
    })
    .nullable()
    .describe('With dry-run, what would be let go of; null when nothing is old enough'),
  kept: z.object({ from: z.string().nullable().describe('When the first that stays was written') }),
  dry_run: z.boolean(),
});

type Old = NonNullable<OldLines['old']>;

const timeText = (at: string): string => `${at.slice(0, 19)}Z`;

const goingText = ({ lines, from, to }: Old): string =>
  `${plural(lines, 'line')}, ${timeText(from)} to ${timeText(to)}`;

const nothingText = ({ kept: { from } }: OldLines, older: string): string =>
  from === null
    ? 'No message is let go of: nothing was said.'
    : `No message is let go of: the first was said at ${timeText(from)}, which is less than ${older} ago.`;

const staysText = (older: string): string =>
  `Messages that wait to be taken stay, and so does the journal: "clean events older=${older}" lets go of that.`;

export const cleanMessage = defineCommand({
  verb: 'clean',
  noun: 'message',
  summary: 'Let go of the lines of what was said and answered, in communication.log, that are older than an age',
  example: 'clean messages older=30d dry-run',
  role: 'operator',
  modifiers: ['dry-run'],
  target: 'none',
  reads: false,
  effects: 'removes the oldest lines of communication.log for good; what waits to be taken, and the journal, stay',
  params: z.object({
    scope: z.literal('all').optional(),
    older: ageParam.describe('How long ago it was said at least, as 30d'),
  }),
  result: dataSchema,
  asks: async ({ history, now }, { older }, modifiers) => {
    if (modifiers.includes('dry-run')) return undefined;
    const { old } = await history.messages.old(momentBefore(Date.parse(now()), older));
    if (old === null) return undefined;
    return {
      targets: [`messages until ${old.to}`],
      loses: `This lets go of ${goingText(old)}, of what was said and answered, for good, and frees ${formatSize(old.bytes)}. ${staysText(older)}`,
      asOf: old.to,
    };
  },
  foresees: (_standing, _params, modifiers) => (modifiers.includes('dry-run') ? undefined : 'may ask'),
  run: async ({ history, now }, { older }, modifiers, asked) => {
    const isDry = modifiers.includes('dry-run');
    const isAgreed = asked?.asOf !== undefined;
    const found = isAgreed
      ? await history.messages.letGo(Date.parse(asked.asOf) + 1)
      : await history.messages.old(momentBefore(Date.parse(now()), older));
    const { old, kept } = found;
    if (old === null || !(isDry || isAgreed))
      return { message: nothingText(found, older), data: { removed: null, kept, dry_run: isDry } };
    const data = { removed: old, kept, dry_run: isDry };
    const size = formatSize(old.bytes);
    if (isDry)
      return { message: `This would let go of ${goingText(old)}, and free ${size}. ${staysText(older)}`, data };
    return {
      message: `Let go of ${goingText(old)}; ${size} are free again.`,
      data,
      sideEffects: [`${plural(old.lines, 'line')} removed from communication.log`],
    };
  },
});
