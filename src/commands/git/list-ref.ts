import { z } from 'zod';
import { refName } from '../../text/ref-name.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

const rowSchema = z.object({
  ref: z.string().describe('Its full name; refs/stash@COMMIT is one entry of the stash'),
  from: z.string().describe('The commit that it was at'),
  to: z.string().nullable().describe('What it was changed to; null when it was taken away'),
  by: z.array(z.string()).describe('Whose git ran that did it; empty when nobody is known'),
  kept: z.string().describe('The ref that keeps the commit'),
  at: z.string(),
});
type Row = z.infer<typeof rowSchema>;

export const listRef = defineCommand({
  verb: 'list',
  noun: 'ref',
  summary: 'List the branches, tags and entries of the stash that were changed past the guard, and who did it',
  example: 'list refs',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ limit: z.coerce.number().int().min(1).optional() }),
  result: z.array(rowSchema),
  run: async (context, { limit }) => {
    const all = (await context.lostRefs.list()).toReversed();
    const data = all.map(({ ref, from, to, by, kept, at }): Row => ({ ref, from, to, by: [...by], kept, at }));
    return { message: `${plural(data.length, 'change')} of refs past the guard.`, data: data.slice(0, limit) };
  },
  draw: (data: readonly Row[], view) =>
    drawTable(
      {
        head: ['ref', 'was at', 'now', 'by', 'when'],
        rows: data.map((row) => [
          { text: refName(row.ref) },
          { text: row.from.slice(0, 10) },
          row.to === null ? { text: 'gone', tone: 'bad' } : { text: row.to.slice(0, 10) },
          { text: row.by.length === 0 ? 'nobody known' : row.by.join(' or ') },
          { text: row.at, tone: 'dim' },
        ]),
        empty: 'No ref was changed past the guard.',
      },
      view,
    ),
});
