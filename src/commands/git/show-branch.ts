import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { agoText, timeIn } from '../../text/since-text.ts';
import type { Drawing } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { branchRow, branchSchema, lookUpComparison, madeByText, madeForText } from './branch-rows.ts';

const dataSchema = branchSchema.extend({
  changes: z
    .object({
      commits: z.number().int(),
      files: z.number().int(),
      insertions: z.number().int(),
      deletions: z.number().int(),
    })
    .describe('Since it left the base branch'),
});
type Data = z.infer<typeof dataSchema>;

const drawBranch = (row: Data, view: Drawing): string => {
  const { changes, base, integration } = row;
  const fields: [string, string][] = [
    ['task', row.task === null ? '' : `${madeForText(row)}: ${row.task_word}`],
    ['instance', madeByText(row)],
    ['made by', row.kind === 'other' ? 'you' : 'Drover'],
    ['merged', row.merged ? 'yes' : 'no'],
    ['base', `${base.ahead} ahead, ${base.behind} behind`],
    [
      'together',
      integration === null ? '' : `${integration.ahead} ahead of the integration, ${integration.behind} behind`,
    ],
    ['changes', `${plural(changes.files, 'file')}, +${changes.insertions} −${changes.deletions}`],
    ['worktree', row.worktree ?? ''],
    ['latest', `${row.commit.slice(0, 10)} ${row.subject}, ${agoText(row.committed_at, timeIn(view))}`],
  ];
  const lines = fields.filter(([, value]) => value !== '').map(([key, value]) => `${`${key}:`.padEnd(10)} ${value}`);
  return shown([row.branch, ...lines].join('\n'));
};

export const showBranch = defineCommand({
  verb: 'show',
  noun: 'branch',
  summary: 'One branch: its task, what changed on it, where it is checked out, whether it is merged',
  example: 'show branch feature/login',
  role: 'viewer',
  modifiers: ['detailed'],
  aloud: ['detailed'],
  target: 'required',
  one: 'branch',
  reads: true,
  params: z.object({ id: idsParam.describe('Its name') }),
  result: dataSchema,
  run: async (context, { id }) => {
    const name = requireOne(id, 'branch');
    const ground = await lookUpComparison(context);
    const info = ground.branches.find(({ branch }) => branch === name);
    if (!info) throw notFound({ noun: 'branch', id: name, known: ground.branches.map(({ branch }) => branch) });
    const row = await branchRow(context, ground, info);
    const changes = await context.git.changes(ground.base, info.commit);
    return {
      message: `${name}: ${plural(changes.commits, 'commit')}, ${row.merged ? 'merged' : 'not merged'}.`,
      data: { ...row, changes },
    };
  },
  draw: drawBranch,
});
