import { z } from 'zod';
import { oneLine } from '../../lib/text.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { folderNamed, foldersOf } from './worktree-rows.ts';

export const lockWorktree = defineCommand({
  verb: 'lock',
  noun: 'worktree',
  summary: 'Keep worktrees from being removed, by Drover and by git itself, until they are unlocked',
  example: 'lock worktree look-around',
  role: 'operator',
  modifiers: [],
  later: { parameters: ['ttl'], modifiers: ['wait'] },
  target: 'required',
  reads: false,
  effects: 'locks worktrees against removal',
  params: z.object({
    id: idsParam.describe('Their names'),
    reason: z.string().optional().describe('Why, in a few words'),
  }),
  result: z.array(z.object({ worktree: z.string(), reason: z.string() })),
  run: async (context, { id, reason = 'by a person' }) => {
    const { ours } = await foldersOf(context);
    const folders = [...new Set(id)].map((name) => folderNamed(ours, name));
    for (const { path } of folders) await context.git.lockWorktree(path, oneLine(reason));
    const names = folders.map(({ name }) => name);
    return {
      message: `Locked ${plural(names.length, 'worktree')}: ${names.join(', ')}.`,
      data: names.map((worktree) => ({ worktree, reason: oneLine(reason) })),
      sideEffects: names.map((name) => `worktree ${name} locked`),
    };
  },
});
