import { lstat } from 'node:fs/promises';
import { pathWords, rawPath } from './raw-path.ts';
import { NOT_NESTED, statusToKeep } from './status.ts';
import { type InsidePlace, LONG_MS, onFiles, onLook, type RunGit } from './run.ts';

/** As many paths as one command line takes in any case, and as are looked at together. */
const AT_ONCE = 200;

/** What git wrote down of a file when it last wrote or read it. */
type Entry = { readonly path: string; readonly mtime: string; readonly ino: number; readonly size: number };

const ENTRY =
  /(?<path>[^\0]+)\0 {2}ctime: \d+:\d+\n {2}mtime: (?<mtime>\d+:\d+)\n {2}dev: \d+\tino: (?<ino>\d+)\n.*\n {2}size: (?<size>\d+)\t.*\n/gu;

const entriesOf = (text: string): readonly Entry[] =>
  [...text.matchAll(ENTRY)].map(({ groups }) => {
    const { path = '', mtime = '', ino, size } = groups ?? {};
    return { path, mtime, ino: Number(ino), size: Number(size) };
  });

const infoOf = (cwd: string, path: string) => lstat(rawPath(`${cwd}/${path}`), { bigint: true }).catch(() => undefined);

/**
 * Whether a file lost its content in a power cut: it is empty and was not when git wrote it, and nobody has written to it
 * since. Whoever empties a file leaves a later time.
 */
const isEmptied = async (cwd: string, { path, mtime, ino, size }: Entry): Promise<boolean> => {
  const info = await infoOf(cwd, path);
  if (!info?.isFile() || info.size !== 0n || size === 0) return false;
  const NS = 1_000_000_000n;
  return mtime === `${info.mtimeNs / NS}:${info.mtimeNs % NS}` && Number(BigInt.asUintN(32, info.ino)) === ino;
};

const emptyOnes = async (cwd: string, paths: readonly string[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const some = paths.slice(first, first + AT_ONCE);
    const infos = await Promise.all(some.map((path) => infoOf(cwd, path)));
    found.push(...some.filter((_, n) => infos[n]?.isFile() && infos[n].size === 0n));
  }
  return found;
};

/**
 * Writes anew what a power cut has emptied in a worktree: git syncs no file that it checks out, and what is not on the disk
 * by then is there with its name and nothing in it. How many files that were.
 */
export const restoreEmptied = async (run: RunGit, at: InsidePlace): Promise<number> => {
  const changed = await onLook(run, at)(['diff-files', '--name-only', '-z', ...NOT_NESTED], {
    ...at,
    timeoutMs: LONG_MS,
  });
  const empty = await emptyOnes(
    at.cwd,
    changed.stdout.split('\0').filter((path) => path !== ''),
  );
  const found: string[] = [];
  for (let first = 0; first < empty.length; first += AT_ONCE) {
    const some = empty.slice(first, first + AT_ONCE);
    const { stdout } = await run(['ls-files', '--debug', '-z', ...pathWords(some)], at);
    for (const entry of entriesOf(stdout).filter(({ path }) => some.includes(path)))
      if (await isEmptied(at.cwd, entry)) found.push(entry.path);
  }
  const input = found.map((path) => `${path}\0`).join('');
  if (found.length > 0)
    await onFiles(run, at)(['checkout-index', '--quiet', '--force', '--index', '-z', '--stdin'], { ...at, input });
  return found.length;
};

/**
 * What is to be kept of a worktree, once what a power cut has emptied there is written anew: that is nobody's work. Where no
 * file is empty that costs no call of git.
 */
export const workToKeep = async (run: RunGit, at: InsidePlace): ReturnType<typeof statusToKeep> => {
  const found = await statusToKeep(run, at);
  if ((await emptyOnes(at.cwd, found.dirty)).length === 0 || (await restoreEmptied(run, at)) === 0) return found;
  return statusToKeep(run, at);
};
