import { basename, join, resolve } from 'node:path';
import type { Git } from '../ports/index.ts';
import { copyIndex } from './copy-index.ts';
import { runAsSomebody } from './identity.ts';
import { withOpenFolder } from './owner-rights.ts';
import { fieldsOf } from './parse.ts';
import { occupantOf, textOf } from './places.ts';
import { type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';
import { STAGING, stage } from './stage.ts';
import { inEmptyFolder, withoutFiles } from './without-files.ts';

/** Repositories within each other, so deep. */
const DEEPEST = 5;

const OTHERS = ['ls-files', '--others', '--exclude-standard', '-z', '--full-name'] as const;

/** The folders in a worktree that are repositories of their own: submodules, and what somebody has made or cloned there. */
const nestedIn = async (run: RunGit, at: InsidePlace): Promise<readonly string[]> => {
  const [staged, others] = await Promise.all([run(['ls-files', '--stage', '-z'], at), run(OTHERS, at)]);
  const links = fieldsOf(staged.stdout).flatMap((line) =>
    line.startsWith('160000 ') ? [line.slice(line.indexOf('\t') + 1)] : [],
  );
  const made = fieldsOf(others.stdout).flatMap((path) => (path.endsWith('/') ? [path.slice(0, -1)] : []));
  return [...new Set([...links, ...made])];
};

/** The index of a nested repository; undefined where it has none that can be read. */
const indexOf = async (folder: string): Promise<string | undefined> => {
  if ((await occupantOf(join(folder, '.git'))) === 'nothing') return undefined;
  const pointer = /^gitdir: (?<path>[\s\S]+)$/u.exec((await textOf(join(folder, '.git'))) ?? '')?.groups?.['path'];
  return join(pointer === undefined ? join(folder, '.git') : resolve(folder, pointer), 'index');
};

/**
 * What differs in a nested repository from what it has staged. It is looked at as a folder of the repository around it, by a
 * copy of its index: git called in it would run what its own configuration names.
 */
const changedIn = async (run: RunGit, at: InsidePlace): Promise<readonly string[]> => {
  const from = await indexOf(at.cwd);
  const isKnown =
    from !== undefined &&
    (await copyIndex(from, at.env['GIT_INDEX_FILE']!).then(
      () => true,
      () => false,
    ));
  const call = { ...at, accept: 'any', timeoutMs: LONG_MS } as const;
  const read = onFiles(run, at);
  const changed = isKnown
    ? await read(['diff-files', '--name-only', '-z', '--ignore-submodules=all', '--diff-filter=d'], call)
    : undefined;
  const env = { ...at.env, GIT_INDEX_FILE: `${at.env['GIT_INDEX_FILE']}-none` };
  // An index that git does not understand says nothing: then all files are what is to be kept.
  const others = await run(OTHERS, { ...at, timeoutMs: LONG_MS, ...(changed?.code === 0 ? {} : { env }) });
  return [...(changed?.code === 0 ? fieldsOf(changed.stdout) : []), ...fieldsOf(others.stdout)];
};

type Keep = { readonly run: RunGit; readonly archive: Git['archive'] };

/**
 * Keeps what is not committed in the submodules of a worktree, and in other repositories in it, before it goes: a commit of the
 * repository around them notes which commit each has, and nothing of their files. Those that changed are kept, in a commit for
 * each of them.
 */
export const keepNestedWork = async ({ run, archive }: Keep, at: InsidePlace): Promise<void> => {
  const name = basename(at.cwd);
  const keepIn = async (path: string, depth: number): Promise<void> => {
    const cwd = join(at.cwd, path);
    if (depth > DEEPEST || (await occupantOf(cwd)) !== 'something') return;
    await inEmptyFolder(async (folder) => {
      const own = (index: string): InsidePlace => ({
        ...at,
        cwd,
        env: { ...at.env, GIT_WORK_TREE: cwd, GIT_INDEX_FILE: join(folder, index) },
      });
      const changed = await changedIn(run, own('theirs'));
      const files = changed.filter((one) => !one.endsWith('/'));
      if (files.length > 0) {
        const kept = own('kept');
        await withOpenFolder(cwd, () => stage(run, kept, files));
        const tree = (
          await withoutFiles(kept, (call) => run(['write-tree'], { ...call, config: STAGING }))
        ).stdout.trim();
        const input = `What was not committed in ${path} of the worktree ${name}\n`;
        const made = await runAsSomebody(run, ['commit-tree', tree, '-F', '-'], { ...at, config: STAGING, input });
        await archive(`${name}-in-${path.replaceAll(/[^\w-]+/gu, '-')}`, made.stdout.trim());
      }
      for (const one of changed) if (one.endsWith('/')) await keepIn(join(path, one.slice(0, -1)), depth + 1);
    });
  };
  for (const path of await nestedIn(run, at)) await keepIn(path, 1);
};
