import { z } from 'zod';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type BranchRow, branchRows, branchSchema, madeByText, madeForText } from './branch-rows.ts';

const STATES = ['merged', 'unmerged'] as const;

const statesParam = z
  .union([z.enum(STATES), z.array(z.enum(STATES))])
  .transform((value) => [value].flat())
  .optional();

export const listBranch = defineCommand({
  verb: 'list',
  noun: 'branch',
  summary:
    'List the branches that Drover made: task and attempt, instance, commits against base and integration, merged or not',
  example: 'list branches',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({
    state: statesParam.describe('merged or unmerged ones'),
    limit: z.coerce.number().int().min(1).optional(),
  }),
  result: z.array(branchSchema),
  run: async (context, { state, limit }) => {
    const { rows, others } = await branchRows(context);
    const found = rows.filter((row) => state === undefined || state.includes(row.merged ? 'merged' : 'unmerged'));
    const merged = found.filter((row) => row.merged).length;
    return {
      message: `${plural(found.length, 'branch')} of the swarm, ${merged} merged; ${plural(others, 'other')} of your own.`,
      data: found.slice(0, limit),
    };
  },
  draw: (data: readonly BranchRow[], view) =>
    drawTable(
      {
        head: ['branch', 'state', 'task', 'instance', 'merged', 'base', 'integration', 'last commit'],
        rows: data.map((row) => [
          { text: row.branch },
          { text: row.task_word ?? row.kind, tone: row.merged ? 'good' : 'busy' },
          { text: madeForText(row) || '-' },
          { text: madeByText(row) || '-' },
          // The word of a task is the same wherever it stands; that a branch is in another one is git's to say.
          { text: row.kind === 'integration' ? '-' : row.merged ? 'yes' : 'no' },
          { text: `+${row.base.ahead} −${row.base.behind}` },
          { text: row.integration === null ? '' : `+${row.integration.ahead} −${row.integration.behind}` },
          { text: `${row.commit.slice(0, 10)} ${row.subject}`, tone: 'dim' },
        ]),
        details: data.map((row) => [
          ['task', row.task === null ? '' : `${madeForText(row)}: ${row.task_word}`],
          ['instance', madeByText(row)],
          ['worktree', row.worktree ?? ''],
          ['last commit', `${row.commit} ${row.subject}`],
          ['committed', row.committed_at],
        ]),
        empty: 'No branch of the swarm. Agents that are launched get one each.',
      },
      view,
    ),
});
