import { z } from 'zod';
import { formatDuration } from '../../lib/duration.ts';
import { allKnownFrom } from '../../state/asides.ts';
import { drawTable } from '../../text/table.ts';
import { type Span, spanSchema, timelineOf } from '../../text/timeline.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

const WORDS = { work: 'worked', failed: 'failed', waiting: 'waited', merging: 'merged' } as const satisfies Record<
  Span['kind'],
  string
>;

const IN_ALL = ' in the timeline.';

/** What is said besides how many entries there are. */
const noteOf = (message: string): readonly string[] => {
  const note = message.slice(message.indexOf(IN_ALL) + IN_ALL.length).trim();
  return note === '' ? [] : [note];
};

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
    const from = allKnownFrom(state.instances);
    const cut = from === null ? '' : ` Who waited or was down is known from ${from.slice(0, 19)}Z on.`;
    return { message: `${plural(data.length, 'entry')}${IN_ALL}${cut}`, data };
  },
  draw: (data: readonly Span[], view, message) => {
    const table = drawTable(
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
    );
    return [table, ...noteOf(message)].join('\n');
  },
});
