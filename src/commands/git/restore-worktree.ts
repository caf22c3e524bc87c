import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { oneByOne, partly } from '../one-by-one.ts';
import { idsParam } from '../selection.ts';

export const restoreWorktree = defineCommand({
  verb: 'restore',
  noun: 'worktree',
  summary: 'Bring a removed worktree back from the trash, with all its files and its uncommitted work',
  example: 'restore worktree look-around',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'makes the worktrees again where they were',
  params: z.object({ id: idsParam.describe('Their names; of several that had the same the latest is meant') }),
  result: z.array(
    z.object({
      worktree: z.string(),
      path: z.string(),
      branch: z.string().nullable().describe('null when it has moved on, or is checked out elsewhere'),
    }),
  ),
  run: async (context, { id }) => {
    const kept = await context.trash.list();
    const meant = [...new Set(id)].map((name) => {
      const found = kept.findLast((one) => one.id === name || one.name === name);
      if (!found) throw notFound({ noun: 'removed worktree', id: name, known: kept.map((one) => one.name) });
      return found;
    });
    const { done: data, refusals } = await oneByOne(meant, async (one) => ({
      worktree: one.name,
      path: one.path,
      branch: await context.trash.restore(one),
    }));
    const where = data.map(({ worktree, branch }) => `${worktree} (${branch ?? 'on no branch'})`);
    const outcome = {
      message: `Restored ${where.join(', ')}.`,
      data,
      sideEffects: data.map(({ path }) => `worktree ${path}`),
    };
    return partly(outcome, refusals);
  },
});
