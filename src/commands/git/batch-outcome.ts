import type { Batch } from '../../state/batches.ts';
import { asideWhy, plural } from '../../text/wording.ts';
import type { Outcome } from '../define.ts';

const deliveredText = ({ delivery, head_commit }: Batch): string => {
  if (delivery === null) return '';
  return delivery.state === 'delivered'
    ? ` ${delivery.branch} is at ${head_commit.slice(0, 10)} as well.`
    : ` ${delivery.branch} stays where it is: ${delivery.problem}.`;
};

const messageOf = (batch: Batch): string => {
  const { id, merged, set_aside, target, delivery, head_commit, problem } = batch;
  // There was only something to deliver: nobody wants to read of no merges.
  if (merged.length + set_aside.length === 0 && delivery?.state === 'delivered')
    return `${delivery.branch} is at ${head_commit.slice(0, 10)} now, as ${target} is.`;
  const aside = set_aside.map((one) => `${one.task} (${asideWhy(one)})`);
  const told = aside.length === 0 ? '' : `, ${aside.length} set aside: ${aside.join('; ')}`;
  // Where tasks are left or a branch was to be brought forward, that is told with them.
  const ended =
    problem === undefined || set_aside.length > 0 || delivery !== null ? '' : ` It ended early: ${problem}.`;
  return `${id}: ${plural(merged.length, 'branch')} merged into ${target}${told}.${ended}${deliveredText(batch)}`;
};

/** What a batch that is over has merged, and what it has set aside and why. */
export const batchOutcome = (batch: Batch): Outcome => {
  const message = messageOf(batch);
  const { delivery } = batch;
  const isDelivered = delivery?.state === 'delivered';
  const sideEffects = [
    ...(batch.merged.length > 0 ? [`${batch.target} moved to ${batch.head_commit.slice(0, 10)}`] : []),
    ...(isDelivered ? [`${delivery.branch} moved to ${batch.head_commit.slice(0, 10)}`] : []),
  ];
  const hasEndedEarly = batch.problem !== undefined && batch.set_aside.length === 0 && delivery === null;
  if (batch.set_aside.length === 0 && !hasEndedEarly && (delivery === null || isDelivered))
    return { message, data: batch, sideEffects };
  const exit = hasEndedEarly || batch.set_aside.some((one) => one.reason === 'error') ? 1 : 6;
  return { message, data: batch, sideEffects, exit };
};
