import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { folderNamed, foldersOf } from './worktree-rows.ts';

export const unlockWorktree = defineCommand({
  verb: 'unlock',
  noun: 'worktree',
  summary: 'Let locked worktrees be removed again',
  example: 'unlock worktree look-around',
  role: 'operator',
  modifiers: [],
  later: { modifiers: ['force'] },
  target: 'required',
  reads: false,
  effects: 'takes the locks off worktrees',
  params: z.object({ id: idsParam.describe('Their names') }),
  result: z.array(z.object({ worktree: z.string(), was_locked: z.boolean() })),
  run: async (context, { id }) => {
    const { ours } = await foldersOf(context);
    const folders = [...new Set(id)].map((name) => folderNamed(ours, name));
    const locked = [];
    for (const { name, path } of folders) if ((await context.git.lockOf(path)) !== null) locked.push([name, path]);
    // This very request may have taken them off.
    const before = begunBefore(context);
    if (locked.length > 0) await noteBegun(context, Object.fromEntries(locked));
    const data: { worktree: string; was_locked: boolean }[] = [];
    for (const { name, path } of folders) {
      const wasLocked = await context.git.unlockWorktree(path);
      data.push({ worktree: name, was_locked: wasLocked || before?.has(name) === true });
    }
    const done = data.filter((one) => one.was_locked).map(({ worktree }) => worktree);
    return {
      message:
        done.length === 0
          ? 'None of them was locked.'
          : `Unlocked ${plural(done.length, 'worktree')}: ${done.join(', ')}.`,
      data,
      sideEffects: done.map((name) => `worktree ${name} unlocked`),
    };
  },
});
