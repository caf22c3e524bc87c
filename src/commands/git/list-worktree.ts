import { z } from 'zod';
import { type Cell, drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { UNREADABLE, type WorktreeRow, worktreeSchema } from '../../text/worktree-row.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { worktreeRows } from './worktree-rows.ts';

const dirtyWords = (all: readonly WorktreeRow[]): string => {
  const bad = all.filter((row) => row.problem !== null);
  const rows = all.filter((row) => row.problem === null);
  const others = bad.length > 0 && rows.every(({ dirty }) => dirty === 0) ? [] : [cleanWords(rows)];
  return [...others, ...bad.map((row) => `${row.name} cannot be looked into`)].join(', ');
};

const cleanWords = (rows: readonly WorktreeRow[]): string => {
  const dirty = rows.filter((row) => row.dirty > 0);
  if (dirty.length === 0) return 'all clean';
  return `${dirty.length} with uncommitted work (${dirty.map((row) => `${row.name}: ${plural(row.dirty, 'path')}`).join(', ')})`;
};

const stateCell = ({ dirty, problem }: WorktreeRow): Cell => {
  if (problem !== null) return { text: UNREADABLE, tone: 'bad' };
  return dirty > 0 ? { text: `● ${dirty} uncommitted`, tone: 'busy' } : { text: '○ clean', tone: 'good' };
};

export const listWorktree = defineCommand({
  verb: 'list',
  noun: 'worktree',
  summary: 'List the worktrees of the swarm with instance, task, branch, uncommitted work and commits',
  example: 'list worktrees',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({
    id: idsParam.optional().describe('Only these, by their names'),
    limit: z.coerce.number().int().min(1).optional(),
  }),
  result: z.array(worktreeSchema),
  run: async (context, { id, limit }) => {
    const { rows, others } = await worktreeRows(context, id);
    const data = rows.slice(0, limit);
    return {
      message: `${plural(rows.length, 'worktree')}, ${dirtyWords(rows)}; ${plural(others, 'other')} of your own, the checkout included.`,
      data,
    };
  },
  draw: (data: readonly WorktreeRow[], view) =>
    drawTable(
      {
        head: ['worktree', 'state', 'task', 'branch', 'ahead', 'behind', 'session', 'last commit'],
        rows: data.map((row) => [
          { text: row.name },
          stateCell(row),
          { text: row.task ?? '-' },
          { text: row.branch ?? '(no branch)' },
          { text: String(row.ahead) },
          { text: String(row.behind) },
          { text: row.session ?? '-', tone: 'dim' },
          row.problem === null
            ? { text: `${row.commit.slice(0, 10)} ${row.subject}`, tone: 'dim' }
            : { text: row.problem, tone: 'bad' },
        ]),
        details: data.map((row) => [
          ['path', row.path],
          ['instance', row.instance === null ? '' : `${row.instance}, ${row.instance_state}`],
          ['task', row.task === null ? '' : `${row.task}, ${row.task_state}`],
          ['branch', row.branch ?? ''],
          ['session', row.session ?? ''],
          ['last commit', `${row.commit} ${row.subject}`],
          ['committed', row.committed_at],
        ]),
        empty: 'No worktree. Launched agents get one each, and "create worktree NAME" makes one for you.',
      },
      view,
    ),
});
