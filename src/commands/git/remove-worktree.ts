import { basename } from 'node:path';
import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { someOf } from '../../lib/names.ts';
import { oneLine } from '../../lib/text.ts';
import { plural } from '../../text/wording.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { type Context, defineCommand } from '../define.ts';
import { notOurWorktree, worktreeUnkept } from '../errors.ts';
import { oneByOne, partly } from '../one-by-one.ts';
import { idsParam } from '../selection.ts';
import { type Folder, folderNamed, foldersOf } from './worktree-rows.ts';
import { assertFree, assertUnused, fateOf, workIn } from './worktree-use.ts';

const SHOWN_IGNORED = 8;

/** What git ignores in the worktrees: no commit keeps that. */
const ignoredText = async (
  git: Context['git'],
  folders: readonly Pick<Folder, 'name' | 'path'>[],
  fate: string,
): Promise<string> => {
  const found = await Promise.all(
    folders.map(async ({ name, path }) =>
      (await git.ignored(path)).map((one) => (folders.length > 1 ? `${name}/${one}` : one)),
    ),
  );
  const paths = found.flat();
  if (paths.length === 0) return 'nothing else is there';
  return `what git ignores ${fate}: ${someOf(paths.map(oneLine), SHOWN_IGNORED)}`;
};

const unkeptTexts = async (git: Context['git'], path: string, before = ''): Promise<readonly string[]> =>
  (await git.unkept(path)).map(
    (one) => `${before}${oneLine(one.path)} (${one.mib === null ? 'git refuses the name' : `${one.mib} MiB`})`,
  );

/** What the commit that keeps uncommitted work cannot have, and goes for good with the worktrees. */
const unkeptText = async (git: Context['git'], folders: readonly Pick<Folder, 'name' | 'path'>[]): Promise<string> => {
  const found = await Promise.all(
    folders.map(({ name, path }) => unkeptTexts(git, path, folders.length > 1 ? `${name}/` : '')),
  );
  const all = found.flat();
  return all.length === 0 ? '' : `; what no commit can keep is lost: ${someOf(all, SHOWN_IGNORED)}`;
};

/** Refuses to remove what could not be kept. */
const assertAllKept = async (git: Context['git'], { name, path }: Pick<Folder, 'name' | 'path'>): Promise<void> => {
  const unkept = await unkeptTexts(git, path);
  if (unkept.length > 0) throw worktreeUnkept({ name, files: someOf(unkept, SHOWN_IGNORED) });
};

type Meant = Pick<Folder, 'name' | 'path'> & {
  /** This very request took its folder away, and its daemon died before it had said so. */
  readonly isGone: boolean;
};

/** The worktrees that are named. */
const meantBy = async (context: Context, names: readonly string[]): Promise<readonly Meant[]> => {
  const { ours } = await foldersOf(context);
  const foreign = (await context.git.worktrees()).filter(({ path }) => !ours.some((one) => one.path === path));
  const before = begunBefore(context);
  return names.map((name) => {
    const isThere = ours.some((one) => one.name === name);
    const place = before?.get(name);
    if (!isThere && place !== undefined) return { name, path: place, isGone: true };
    const other = foreign.find(({ path }) => basename(path) === name);
    if (other && !isThere) throw notOurWorktree({ name, path: other.path });
    return { ...folderNamed(ours, name), isGone: false };
  });
};

const removeOne = async (context: Context, one: Meant, forGood: boolean) => {
  if (!one.isGone && !forGood) await assertAllKept(context.git, one);
  return {
    worktree: one.name,
    ...(await (one.isGone
      ? context.finishRemoval(one)
      : context.removeWorktree(one, { forGood, assertUnused: () => assertFree(context, one) }))),
  };
};

export const removeWorktree = defineCommand({
  verb: 'remove',
  noun: 'worktree',
  summary: 'Take worktrees away that nothing works in; branches stay, uncommitted work is kept as a commit',
  example: 'remove worktree look-around',
  role: 'operator',
  modifiers: ['force'],
  later: { parameters: ['state', 'scope', 'except'] },
  target: 'required',
  reads: false,
  effects:
    'archives what is not committed and moves the folder into the trash, with force deletes it; the branch stays',
  params: z.object({ id: idsParam.describe('Their names') }),
  result: z.array(
    z.object({
      worktree: z.string(),
      saved: z.string().nullable().describe('The commit that keeps its uncommitted work'),
      archive: z.string().describe('The ref that keeps what was there'),
      trashed: z.boolean().describe('Whether "restore worktree" can bring it back'),
    }),
  ),
  asks: async (context, { id }, modifiers) => {
    const names = [...new Set(id)];
    for (const name of names) assertUnused(name, workIn(context.store.state, name));
    const meant = (await meantBy(context, names)).filter(({ isGone }) => !isGone);
    const forGood = modifiers.includes('force');
    if (!forGood) for (const one of meant) await assertAllKept(context.git, one);
    const unkept = forGood ? await unkeptText(context.git, meant) : '';
    const lost = await ignoredText(context.git, meant, fateOf(context.settings, forGood));
    return {
      targets: names,
      loses: `This removes ${plural(names.length, 'worktree')} (${names.join(', ')}); the branches stay, uncommitted work is kept under refs/drover/archive, ${lost}${unkept}.`,
    };
  },
  foresees: () => 'asks',
  refuses: ({ state }, { id }) => {
    for (const name of id) assertUnused(name, workIn(state, name));
  },
  run: async (context, { id }, modifiers) => {
    const folders = await meantBy(context, [...new Set(id)]);
    await noteBegun(context, Object.fromEntries(folders.map(({ name, path }) => [name, path])));
    const forGood = modifiers.includes('force');
    const { done: data, refusals } = await oneByOne(folders, (one) => removeOne(context, one, forGood));
    const kept = data.filter((one) => one.saved !== null);
    const words =
      kept.length === 0 ? '' : ` Uncommitted work of ${kept.map((one) => one.worktree).join(', ')} is kept.`;
    const back = data.find(({ trashed }) => trashed);
    const outcome = {
      message: `Removed ${plural(data.length, 'worktree')}: ${data.map((one) => one.worktree).join(', ')}.${words}`,
      ...(back === undefined ? {} : { hint: `To bring it back: restore worktree ${saidId(back.worktree)}` }),
      data,
      sideEffects: data.map(
        (one) => `worktree ${one.worktree} removed${one.archive === '' ? '' : `, kept as ${one.archive}`}`,
      ),
    };
    return partly(outcome, refusals);
  },
});
