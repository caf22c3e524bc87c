import { z } from 'zod';
import { formatDuration } from '../../lib/duration.ts';
import { drawTable } from '../../text/table.ts';
import { type Span, spanSchema, timelineOf } from '../../text/timeline.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

const WORDS = { work: 'worked', failed: 'failed', waiting: 'waited', merging: 'merged' } as const satisfies Record<
  Span['kind'],
  string
>;

export const showTimeline = defineCommand({
  verb: 'show',
  noun: 'timeline',
  summary: 'Who did what when, waiting and merging included; ★ marks what all had to wait for',
  example: 'show timeline',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'none',
  params: z.object({
    limit: z.coerce.number().int().min(1).default(1000).describe('How many of the last ones'),
  }),
  result: z.array(spanSchema),
  run: async ({ store: { state }, now }, { limit }) => {
    const data = timelineOf(state, Date.parse(now())).slice(-limit);
    return { message: `${plural(data.length, 'entry')} in the timeline.`, data };
  },
  draw: (data: readonly Span[], view) =>
    drawTable(
      {
        head: ['began', 'took', 'who', 'did', 'task', 'what', ''],
        rows: data.map(({ kind, who, task, text, from, to, ms, critical }) => [
          { text: `${from.slice(0, 19)}Z`, tone: 'dim' as const },
          { text: to === null ? `${formatDuration(ms)} …` : formatDuration(ms) },
          { text: who },
          { text: WORDS[kind], ...(kind === 'failed' ? { tone: 'bad' as const } : {}) },
          { text: task ?? '' },
          { text },
          { text: critical ? '★' : '' },
        ]),
        empty: 'Nothing has been done yet.',
      },
      view,
    ),
});
