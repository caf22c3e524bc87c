import { appendFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The folder in which every task has its own file, so that tasks done side by side never touch the same one. */
const FOLDER = 'rehearsal';

/** Path of a task's own file, relative to the worktree. */
export const fileOf = (task: string, ending: string): string =>
  `${FOLDER}/${task.replace(/[^A-Za-z0-9._-]/gu, '-').replace(/^\.+/u, '')}${ending}`;

/** A check command that looks for this file sees work that is broken on purpose. */
export const BROKEN = `${FOLDER}/broken`;

const existing = async (path: string): Promise<string> =>
  realpath(path).catch(async () => (dirname(path) === path ? path : existing(dirname(path))));

/**
 * Writes or adds to a file of the worktree and gives its relative path; undefined, and nothing is written, when the
 * path leads out of the worktree or into git's own folder: it comes from a plan, which anyone may have written.
 */
export const writeInside = async (
  cwd: string,
  path: string,
  content: string,
  how: 'replace' | 'add' = 'add',
): Promise<string | undefined> => {
  const top = await realpath(cwd);
  const target = resolve(top, path);
  const real = await existing(target);
  const inside = (place: string) => place === top || place.startsWith(top + sep);
  const parts = relative(top, target).split(sep);
  if (!inside(target) || target === top || !inside(real) || parts.includes('.git')) return undefined;
  await mkdir(dirname(target), { recursive: true });
  await (how === 'add' ? appendFile : writeFile)(join(target), content);
  return relative(top, target);
};
