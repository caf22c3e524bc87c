import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import { agoText, timeIn } from '../../text/since-text.ts';
import type { Drawing } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { worktreeSchema } from '../../text/worktree-row.ts';
import { defineCommand } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { idsParam, requireOne } from '../selection.ts';
import { folderNamed, foldersOf, lookInto } from './worktree-rows.ts';

const dataSchema = worktreeSchema.extend({ uncommitted: z.array(z.string()).describe('Paths, ignored ones left out') });
type Data = z.infer<typeof dataSchema>;

const SHOWN_PATHS = 40;

const drawWorktree = (row: Data, view: Drawing): string => {
  const fields: [string, string][] = [
    ['path', row.path],
    ['instance', row.instance === null ? '' : `${row.instance}, ${row.instance_state}`],
    ['session', row.session ?? ''],
    ['task', row.task === null ? '' : `${row.task}, ${row.task_state}`],
    ['branch', row.branch ?? 'none, a commit is checked out'],
    ['commits', `${row.ahead} ahead of the base, ${row.behind} behind`],
    ['latest', `${row.commit.slice(0, 10)} ${row.subject}, ${agoText(row.committed_at, timeIn(view))}`],
    ['state', row.dirty === 0 ? 'clean' : `${plural(row.dirty, 'path')} with uncommitted work`],
  ];
  const head = fields.filter(([, value]) => value !== '').map(([key, value]) => `${`${key}:`.padEnd(10)} ${value}`);
  const most = view.detailed ? row.uncommitted.length : SHOWN_PATHS;
  const more = row.uncommitted.length - most;
  const paths = row.uncommitted.slice(0, most).map((path) => `  ${path}`);
  return shown(
    [
      row.name,
      ...head,
      ...paths,
      ...(more > 0 ? [`  and ${more} more; all of them: show worktree ${saidId(row.name)} detailed`] : []),
    ].join('\n'),
  );
};

export const showWorktree = defineCommand({
  verb: 'show',
  noun: 'worktree',
  summary: 'One worktree: whose it is, its branch and its uncommitted paths',
  example: 'show worktree rehearsal-1',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'worktree',
  reads: true,
  params: z.object({ id: idsParam.describe('Its name: that of its instance, integration, or your own') }),
  result: dataSchema,
  run: async (context, { id }) => {
    const { ours } = await foldersOf(context);
    const folder = folderNamed(ours, requireOne(id, 'worktree'));
    const { row, dirty } = await lookInto(context, folder, await baseCommit(context));
    const state = dirty.length === 0 ? 'clean' : `${plural(dirty.length, 'path')} with uncommitted work`;
    return {
      message: `${row.name}: ${row.branch ?? 'no branch'}, ${state}.`,
      data: { ...row, uncommitted: [...dirty] },
    };
  },
  draw: drawWorktree,
});
