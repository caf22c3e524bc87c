import { z } from 'zod';
import { momentBefore } from '../../lib/duration.ts';
import type { OldEvents } from '../../ports/history.ts';
import { formatSize, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { ageParam } from './age.ts';
import { pointText } from './journal-begin.ts';

const pointSchema = z.object({
  seq: z.number().int(),
  at: z.string().nullable().describe('Null when that cannot be read'),
});
const dataSchema = z.object({
  removed: z
    .object({
      events: z.number().int(),
      from: pointSchema,
      to: pointSchema,
      files: z.number().int(),
      bytes: z.number().int().describe('How much of the disk they take'),
    })
    .nullable()
    .describe('With dry-run, what would be let go of; null when nothing is old enough'),
  kept: z.object({ from: pointSchema }).describe('With what the journal begins then'),
  dry_run: z.boolean(),
});

type Old = NonNullable<OldEvents['old']>;

const goingText = ({ events, from, to }: Old): string =>
  `${plural(events, 'event')}, ${pointText(from)} to ${pointText(to)}`;

const beginText = ({ kept }: OldEvents): string => `The journal begins with event ${pointText(kept.from)} then.`;

const nothingText = ({ kept }: OldEvents, older: string): string =>
  `No event is let go of: the journal begins with event ${pointText(kept.from)}, and events go by the file, when all in it are older than ${older}. The file that is written to stays.`;

export const cleanEvent = defineCommand({
  verb: 'clean',
  noun: 'event',
  summary: 'Let go of the events of the journal that are older than an age, and of the disk that they take',
  example: 'clean events older=30d dry-run',
  role: 'operator',
  modifiers: ['dry-run'],
  target: 'none',
  reads: false,
  effects: 'removes the oldest files of the journal for good; what is known of tasks, instances and batches stays',
  params: z.object({
    scope: z.literal('all').optional(),
    older: ageParam.describe('How long ago it happened at least, as 30d'),
  }),
  result: dataSchema,
  asks: async ({ history, now }, { older }, modifiers) => {
    if (modifiers.includes('dry-run')) return undefined;
    const found = await history.events.old(momentBefore(Date.parse(now()), older));
    if (found.old === null) return undefined;
    const { from, to, bytes } = found.old;
    return {
      targets: [`events ${from.seq} to ${to.seq}`],
      loses: `This lets go of ${goingText(found.old)}, for good, and frees ${formatSize(bytes)}. ${beginText(found)} The state, the audit and the history of each task stay whole; "drover backup create FILE" keeps a copy of all first.`,
      asOf: String(found.kept.from.seq),
    };
  },
  foresees: (_standing, _params, modifiers) => (modifiers.includes('dry-run') ? undefined : 'may ask'),
  run: async ({ history, now }, { older }, modifiers, asked) => {
    const isDry = modifiers.includes('dry-run');
    const before = momentBefore(Date.parse(now()), older);
    const isAgreed = asked?.asOf !== undefined;
    const found = isAgreed ? await history.events.letGo(before, Number(asked.asOf)) : await history.events.old(before);
    const { old, kept } = found;
    if (old === null || !(isDry || isAgreed))
      return { message: nothingText(found, older), data: { removed: null, kept, dry_run: isDry } };
    const data = { removed: old, kept, dry_run: isDry };
    if (isDry)
      return {
        message: `This would let go of ${goingText(old)}, and free ${formatSize(old.bytes)}. ${beginText(found)}`,
        data,
      };
    return {
      message: `Let go of ${goingText(old)}; ${formatSize(old.bytes)} are free again. The journal begins with event ${pointText(kept.from)} now.`,
      data,
      sideEffects: [`${plural(old.events, 'event')} removed from the journal: ${old.from.seq} to ${old.to.seq}`],
    };
  },
});
