import { z } from 'zod';
import { begunBefore, noteBegun } from '../begun.ts';
import { type Context, defineCommand, type TrashedWorktree } from '../define.ts';
import { notFound, wrongState } from '../errors.ts';
import { oneByOne, partly } from '../one-by-one.ts';
import { idsParam } from '../selection.ts';
import { foldersOf } from './worktree-rows.ts';

type Meant = {
  readonly said: string;
  readonly name: string;
  readonly path: string;
  /** Missing where this very request has brought it back already, and its daemon died before it had said so. */
  readonly kept?: TrashedWorktree;
};

const branchAt = async ({ git }: Pick<Context, 'git'>, place: string): Promise<string | null> =>
  (await git.worktrees()).find(({ path }) => path === place)?.branch ?? null;

/** The removed worktrees that are named: of each name the latest. */
const meantBy = async (context: Context, names: readonly string[]): Promise<readonly Meant[]> => {
  const before = begunBefore(context);
  const [all, there] = [await context.trash.list(), before ? await foldersOf(context) : undefined];
  return names.map((said) => {
    const place = before?.get(said);
    // Another one of its name may lie in the trash.
    const kept = all.findLast((one) => (one.id === said || one.name === said) && [undefined, one.path].includes(place));
    if (kept) return { said, name: kept.name, path: kept.path, kept };
    const back = there?.ours.find(({ path }) => path === place);
    if (back) return { said, name: back.name, path: back.path };
    throw notFound({ noun: 'removed worktree', id: said, known: all.map((one) => one.name) });
  });
};

/** Refuses to put a removed worktree where its agent has another one by now: nobody is to move that away. */
const assertFree = async (context: Context, { name, path, folder }: TrashedWorktree): Promise<void> => {
  if (!Object.hasOwn(context.store.state.instances, name)) return;
  const { ours } = await foldersOf(context);
  if (!ours.some((one) => one.path === path)) return;
  throw wrongState({
    id: name,
    state: `in another worktree at ${path} by now`,
    wants: 'the removed one cannot come back to its place',
    hint: `Its files lie in ${folder} until the trash is emptied.`,
  });
};

/** Brings a worktree back from the trash; the branch that it has then. */
const bringBack = async (context: Context, kept: TrashedWorktree): Promise<string | null> => {
  await assertFree(context, kept);
  return context.trash.restore(kept);
};

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
  unsure: () => true,
  run: async (context, { id }) => {
    const meant = await meantBy(context, [...new Set(id)]);
    await noteBegun(context, Object.fromEntries(meant.map(({ said, path }) => [said, path])));
    const { done: data, refusals } = await oneByOne(meant, async ({ name, path, kept }) => ({
      worktree: name,
      path,
      branch: kept ? await bringBack(context, kept) : await branchAt(context, path),
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
