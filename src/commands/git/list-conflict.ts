import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type Conflict, conflictSchema, conflictsNow, conflictText } from './conflicts.ts';

/** Whether it is still in the way; of work that merges so far, that it does. */
const standing = ({ kind, open }: Conflict): string => {
  if (kind === 'overlap') return 'merges';
  return open ? 'open' : 'over';
};

/** How finished work goes together is compared by itself as well, but who is told of no conflict may want to see it compared. */
const finishedText = ({ tasks }: Pick<State, 'tasks'>): string => {
  const finished = valuesOf(tasks).filter(isMergeable).length;
  if (finished === 0) return '';
  return ` How ${finished === 1 ? 'what is finished merges' : `${finished} finished branches merge`}: check integration`;
};

export const listConflict = defineCommand({
  verb: 'list',
  noun: 'conflict',
  summary:
    'List what gets or got into each other’s way: work that would conflict, merges that did, writes outside of the own worktree',
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
  run: async (context, { state, limit }, modifiers) => {
    const all = conflictsNow(context).filter((one) => state === undefined || one.open);
    const found = modifiers.includes('detailed') ? all : all.filter(({ kind }) => kind !== 'overlap');
    const overlaps = all.filter(({ kind }) => kind === 'overlap').length;
    const conflicts = found.filter(({ kind }) => kind !== 'overlap');
    const open = conflicts.filter((one) => one.open).length;
    const pairs = overlaps === 1 ? '1 pair changes' : `${overlaps} pairs change`;
    const more = overlaps > 0 ? ` ${pairs} the same files, which merge so far.` : '';
    const known =
      conflicts.length === 0
        ? `No conflict is known.${finishedText(context.store.state)}`
        : `${plural(conflicts.length, 'conflict')}, ${open} open.`;
    return { message: `${known}${more}`, data: found.slice(0, limit) };
  },
  refreshMs: 1000,
  draw: (data: readonly Conflict[], view, message) =>
    drawTable(
      {
        head: ['conflict', 'kind', 'state', 'task', 'instance', 'with', 'what'],
        rows: data.map((one) => [
          { text: one.id, tone: one.open ? 'bad' : 'dim' },
          { text: one.kind },
          { text: standing(one), tone: one.open ? 'bad' : 'dim' },
          { text: one.task ?? '-' },
          { text: one.instance ?? '-' },
          { text: one.with_task ?? one.with_instance ?? one.batch ?? '-' },
          { text: conflictText(one), tone: 'dim' },
        ]),
        empty: message,
      },
      view,
    ),
});
