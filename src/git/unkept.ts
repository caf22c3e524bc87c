import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unkept } from '../ports/index.ts';
import { refusedName, tooLarge } from './errors.ts';
import { fieldsOf } from './parse.ts';
import { rawPath } from './raw-path.ts';
import type { GitPlace, RunGit } from './run.ts';
import { inEmptyFolder } from './without-files.ts';

/** A larger file is not stored, in bytes: git would read it for minutes, and a file with nothing in it can be of any size. */
const LARGEST = 2 * 1024 * 1024 * 1024;
const AT_ONCE = 1000;

/** What a name has that git may take for one of its own, as `.git ` and `git~1` are on other systems. */
const LIKE_GIT = /g.*i.*t/iu;

/** How git notes a link, and any other file. */
const modeOf = (isLink: boolean): string => (isLink ? '120000' : '100644');

/** As many zeros as the shortest id has: nothing is stored of what is tried. */
const NO_BLOB = '0123456789'.repeat(4);

type Found = { readonly path: string; readonly isLink: boolean };

/** Those of the files whose names git takes into no index: it passes them by, and ends with success. */
const refusedAmong = async (run: RunGit, at: GitPlace, files: readonly Found[]): Promise<readonly string[]> => {
  const likely = files.filter(({ path }) => LIKE_GIT.test(path));
  if (likely.length === 0) return [];
  return inEmptyFolder(async (folder) => {
    const trial = { ...at, env: { ...at.env, GIT_INDEX_FILE: join(folder, 'index') } };
    const idLength = (await run(['rev-parse', '--show-object-format'], at)).stdout.trim() === 'sha1' ? 40 : 64;
    const id = NO_BLOB.padEnd(idLength, '0');
    const input = likely.map(({ path, isLink }) => `${modeOf(isLink)} ${id}\t${path}\0`).join('');
    await run(['update-index', '--replace', '-z', '--index-info'], { ...trial, input });
    const taken = new Set(fieldsOf((await run(['ls-files', '-z'], trial)).stdout));
    return likely.flatMap(({ path }) => (taken.has(path) ? [] : [path]));
  });
};

/** Those of the files of a worktree that no commit can have: they are too large, or git refuses their names. */
export const unkeptAmong = async (run: RunGit, at: GitPlace, files: readonly string[]): Promise<readonly Unkept[]> => {
  const large: Unkept[] = [];
  const others: Found[] = [];
  for (let first = 0; first < files.length; first += AT_ONCE) {
    const some = files.slice(first, first + AT_ONCE);
    const infos = await Promise.all(some.map((file) => lstat(rawPath(join(at.cwd, file))).catch(() => undefined)));
    for (const [n, info] of infos.entries()) {
      const path = some[n]!;
      if (info?.isFile() && info.size > LARGEST) large.push({ path, mib: Math.round(info.size / 1024 / 1024) });
      else if (info && !info.isDirectory()) others.push({ path, isLink: info.isSymbolicLink() });
    }
  }
  return [...large, ...(await refusedAmong(run, at, others)).map((path) => ({ path, mib: null }))];
};

/** Refuses to go on with files that no commit can have. */
export const assertKept = async (run: RunGit, at: GitPlace, files: readonly string[]): Promise<void> => {
  const [first] = await unkeptAmong(run, at, files);
  if (!first) return;
  const path = join(at.cwd, first.path);
  throw first.mib === null ? refusedName({ path }) : tooLarge({ path, mib: first.mib });
};
