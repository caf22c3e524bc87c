import { z } from 'zod';
import { actorText } from '../state/actors.ts';
import { type Batch, batchSchema } from '../state/batches.ts';
import { asideWhy } from './wording.ts';

/** What ended a batch before it was through. */
const endOf = ({ problem, cancelled }: Batch): readonly string[] => {
  if (problem !== undefined) return [problem];
  return cancelled === null ? [] : [`cancelled by ${actorText(cancelled)}`];
};

/** Why tasks were set aside, those of one reason together; what a batch that ended early did not come to is not said of each. */
const asidesOf = ({ set_aside, problem }: Batch): readonly string[] => {
  const own = set_aside.filter(({ reason, message }) => reason !== 'stopped' && message !== problem);
  return [...Map.groupBy(own, asideWhy)].map(
    ([why, asides]) => `${asides.map(({ task }) => task).join(', ')} set aside, ${why}`,
  );
};

/** What branches have of a batch by now: what keeps the one of its delivery where it is, and what is to be told of others. */
type Standing = { readonly stays: string | null; readonly notes: readonly string[] };

/** What keeps the branch where it is that was asked for with to=. */
const staysOf = ({ delivery, problem }: Batch, { stays }: Standing): readonly string[] =>
  delivery === null || stays === null || stays === problem ? [] : [`${delivery.branch} stays where it is: ${stays}`];

const standsOf = ({ rollback }: Batch): readonly string[] =>
  rollback === null || rollback.problem === null ? [] : [`not rolled back: ${rollback.problem}`];

/** Why a batch came to less than it set out to, each reason once; null where nothing kept it from that. */
const batchWhy = (batch: Batch, standing: Standing): string | null =>
  [...endOf(batch), ...asidesOf(batch), ...staysOf(batch, standing), ...standsOf(batch), ...standing.notes].join(
    '; ',
  ) || null;

export const batchRowSchema = batchSchema.extend({
  why: z
    .string()
    .nullable()
    .describe(
      'Why it came to less than it set out to: what ended it early, set tasks aside, keeps a branch where it is, kept it from being rolled back, or has what was; null where nothing did',
    ),
});
/** A batch with the reason for what it did not bring. */
export type BatchRow = z.infer<typeof batchRowSchema>;

export const withWhy = (batch: Batch, standing: Standing): BatchRow => ({ ...batch, why: batchWhy(batch, standing) });
