import { lstat, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isAtOrBelow } from '../lib/below.ts';
import { copyIndex } from './copy-index.ts';
import { fieldsOf } from './parse.ts';
import { textOf } from './places.ts';
import { type InsidePlace, LONG_MS, onFiles, type RunGit } from './run.ts';
import { inEmptyFolder } from './without-files.ts';

/** Where git keeps the repository of a submodule of this worktree; undefined for any other folder. */
const moduleOf = async ({ env }: InsidePlace, folder: string): Promise<string | undefined> => {
  const isFile = (await lstat(join(folder, '.git')).catch(() => undefined))?.isFile();
  const pointer = /^gitdir: (?<path>[\s\S]+)$/u.exec((isFile && (await textOf(join(folder, '.git')))) || '');
  if (!pointer) return undefined;
  const module = resolve(folder, pointer.groups!['path']!);
  const [modules, real] = await Promise.all(
    [join(env.GIT_DIR, 'modules'), module].map((path) => realpath(path).catch(() => undefined)),
  );
  return real !== undefined && modules !== undefined && real !== modules && isAtOrBelow(real, modules)
    ? real
    : undefined;
};

/**
 * Whether a folder in a worktree is a submodule with nothing in it but what its repository has, which git keeps with what it knows
 * of the worktree: no file is changed, new or ignored, none was told git to be passed over, and no other repository is in it. It is
 * looked at as a folder of the repository around it, by a copy of its index: git called in it would run what its own
 * configuration names.
 */
export const isInModules = async (run: RunGit, at: InsidePlace, path: string): Promise<boolean> => {
  const cwd = join(at.cwd, path);
  const module = await moduleOf(at, cwd);
  if (module === undefined) return false;
  return inEmptyFolder(async (folder) => {
    const index = join(folder, 'index');
    const isKnown = await copyIndex(join(module, 'index'), index).then(
      () => true,
      () => false,
    );
    if (!isKnown) return false;
    const inside = { ...at, cwd, env: { ...at.env, GIT_WORK_TREE: cwd, GIT_INDEX_FILE: index } };
    const call = { ...inside, accept: 'any', timeoutMs: LONG_MS } as const;
    const ask = async (args: readonly string[]): Promise<readonly string[] | undefined> => {
      const { code, stdout } = await onFiles(run, inside)([...args, '-z'], call);
      return code === 0 ? fieldsOf(stdout) : undefined;
    };
    const [staged, flags] = [await ask(['ls-files', '--stage']), await ask(['ls-files', '-v'])];
    const isPlain =
      staged?.every((line) => !line.startsWith('160000 ')) && flags?.every((line) => line.startsWith('H '));
    if (!isPlain) return false;
    const changed = await ask(['diff-files', '--name-only', '--ignore-submodules=all', '--diff-filter=d']);
    return changed?.length === 0 && (await ask(['ls-files', '--others']))?.length === 0;
  });
};
