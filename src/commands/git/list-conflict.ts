import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type Conflict, conflictSchema, conflictsOf, conflictText } from './conflicts.ts';

export const listConflict = defineCommand({
  verb: 'list',
  noun: 'conflict',
  summary: 'List what got into each other’s way: merges that conflict, writes outside of the own worktree',
  example: 'list conflicts',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({
    state: z
      .union([z.literal('open'), z.tuple([z.literal('open')])])
      .optional()
      .describe('open, those that are still in the way'),
    limit: z.coerce.number().int().min(1).optional(),
  }),
  result: z.array(conflictSchema),
  run: async ({ store }, { state, limit }) => {
    const found = conflictsOf(store.state).filter((one) => state === undefined || one.open);
    const open = found.filter((one) => one.open).length;
    return { message: `${plural(found.length, 'conflict')}, ${open} open.`, data: found.slice(0, limit) };
  },
  draw: (data: readonly Conflict[], view) =>
    drawTable(
      {
        head: ['conflict', 'kind', 'task', 'instance', 'files', 'what'],
        rows: data.map((one) => [
          { text: one.id, tone: one.open ? 'bad' : 'dim' },
          { text: one.kind },
          { text: one.task ?? '-' },
          { text: one.instance ?? '-' },
          { text: one.files.join(' ') },
          { text: conflictText(one), tone: 'dim' },
        ]),
        empty: 'No conflict is known.',
      },
      view,
    ),
});
