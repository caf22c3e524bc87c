import { z } from 'zod';
import { instantOf } from '../../lib/instant.ts';
import type { Task } from '../../state/tasks.ts';
import { doneInWords, doneText } from '../../tasks/done-count.ts';
import { elapsedOf, etaOf } from '../../tasks/forecast.ts';
import { progressOf } from '../../tasks/select.ts';
import type { Cell } from '../../text/table.ts';
import { givenUpTexts } from '../../text/wording.ts';
import type { Context } from '../define.ts';
import { durationText } from '../tasks/task-fields.ts';

const count = z.number().int();

/** How far some tasks are, in numbers. */
export const progressSchema = z.object({
  total: count.describe('Without what was cancelled, or archived before it was done'),
  done: count,
  unchecked: count.describe('Those of the done that no check has looked at'),
  active: count.describe('Running or being verified'),
  ready: count,
  waiting: count.describe('Waiting for prerequisites or in a queue'),
  stuck: count.describe('Failed or blocked'),
  cancelled: count,
  archived: count.describe('Archived before they were done'),
  percent: count.describe('The mean of the tasks in the total'),
  elapsed_ms: z.number().nullable().describe('Since the first of them was begun, until the last one ended'),
  eta_ms: z
    .number()
    .nullable()
    .describe('Until all are done, if all that is left is queued now; null when nothing is known'),
});
export type ProgressRow = z.infer<typeof progressSchema>;

/** What progress is told from. */
export type ProgressContext = Pick<Context, 'store' | 'settings' | 'now'>;

/** How far these tasks are at this moment. */
export const progressRow = ({ store, settings, now }: ProgressContext, own: readonly Task[]): ProgressRow => ({
  ...progressOf(own, store.state.tasks),
  elapsed_ms: elapsedOf(own, now()),
  eta_ms: etaOf(store.state, own, { now: instantOf(now()), order: settings.plan.strategy }),
});

export const PROGRESS_HEAD = ['done', 'progress', 'active', 'stuck', 'elapsed', 'left'] as const;

/** The cells below {@link PROGRESS_HEAD}. */
export const progressCells = (row: ProgressRow): Cell[] => [
  {
    text: [doneText(row), ...givenUpTexts(row)].join(', '),
    ...(row.done === row.total && row.total > 0 && row.unchecked === 0 ? { tone: 'good' as const } : {}),
  },
  { text: `${row.percent}%` },
  { text: row.active > 0 ? String(row.active) : '', tone: 'busy' },
  { text: row.stuck > 0 ? String(row.stuck) : '', tone: 'bad' },
  { text: durationText(row.elapsed_ms) },
  { text: row.eta_ms === null ? '' : `~${durationText(row.eta_ms)}` },
];

/** `5 of 31 tasks done, 22%, for 12m, about 40m left`. */
export const progressText = (row: ProgressRow): string =>
  [
    doneInWords(row),
    ...givenUpTexts(row),
    `${row.percent}%`,
    ...(row.stuck > 0 ? [`${row.stuck} failed or blocked`] : []),
    ...(row.elapsed_ms === null ? [] : [`${durationText(row.elapsed_ms)} so far`]),
    ...(row.eta_ms === null ? [] : [`about ${durationText(row.eta_ms)} left`]),
  ].join(', ');
