import { appendFile, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';

/** The folder in which every task has its own file, so that tasks done side by side never touch the same one. */
const FOLDER = 'rehearsal';

/** Path of a task's own file, relative to the worktree. */
export const fileOf = (task: string, ending: string): string =>
  `${FOLDER}/${task.replace(/[^A-Za-z0-9._-]/gu, '-').replace(/^\.+/u, '')}${ending}`;

/** A check command that looks for this file sees work that is broken on purpose. */
export const BROKEN = `${FOLDER}/broken`;

const existing = async (path: string): Promise<string> =>
  realpath(path).catch(async () => (dirname(path) === path ? path : existing(dirname(path))));

/** Where a path of a plan leads, which anyone may have written: nowhere outside of the worktree, nor into git's own folder. */
const placeInside = async (cwd: string, path: string): Promise<{ top: string; target: string } | undefined> => {
  const top = await realpath(cwd);
  const target = resolve(top, path);
  const real = await existing(target);
  const inside = (place: string) => place === top || place.startsWith(top + sep);
  const parts = relative(top, target).split(sep);
  return !inside(target) || target === top || !inside(real) || parts.includes('.git') ? undefined : { top, target };
};

/** The text of a file of the worktree; undefined where there is none. */
export const readInside = async (cwd: string, path: string): Promise<string | undefined> => {
  const place = await placeInside(cwd, path);
  return place && readFile(place.target, 'utf8').catch(() => undefined);
};

/** Writes or adds to a file of the worktree and gives its relative path; undefined, and nothing is written, when it is not inside. */
export const writeInside = async (
  cwd: string,
  path: string,
  content: string,
  how: 'replace' | 'add' = 'add',
): Promise<string | undefined> => {
  const place = await placeInside(cwd, path);
  if (!place) return undefined;
  await mkdir(dirname(place.target), { recursive: true });
  await (how === 'add' ? appendFile : writeFile)(place.target, content);
  return relative(place.top, place.target);
};
