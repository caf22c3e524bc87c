import { constants, type Stats } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isAtOrBelow } from '../lib/below.ts';
import type { Furnished, Furnishing } from '../ports/target.ts';

type Outcome = { readonly copied: number; readonly linked: number; readonly why?: string };

const NOTHING: Outcome = { copied: 0, linked: 0 };

/** Shares the blocks of the disk where it can, and never takes the place of what is there. */
const COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

const look = (path: string): Promise<Stats | undefined> => lstat(path).catch(() => undefined);

/** Whether a path goes down from its folder by plain names. */
const goesDown = (path: string): boolean =>
  path !== '' && !isAbsolute(path) && !path.split('/').some((name) => name === '' || name === '.' || name === '..');

/** Makes the folders above a path, as they are in the source; false where something else is there, a link included. */
const makeFolders = async (from: string, to: string, path: string): Promise<boolean> => {
  const names = path.split('/').slice(0, -1);
  for (let n = 1; n <= names.length; n += 1) {
    const part = names.slice(0, n).join('/');
    const there = await look(join(to, part));
    if (there && !there.isDirectory()) return false;
    if (!there) await mkdir(join(to, part), { mode: ((await look(join(from, part)))?.mode ?? 0o755) & 0o777 });
  }
  return true;
};

/** A link that leads to something in its own folder by a relative path leads to the same in the other one. */
const copyLink = async (from: string, source: string, target: string): Promise<Outcome> => {
  const leads = await readlink(source);
  const real = await realpath(source).catch(() => undefined);
  const stays = !isAbsolute(leads) && isAtOrBelow(resolve(dirname(source), leads), from) && real !== undefined;
  if (!stays || !isAtOrBelow(real, from)) return { ...NOTHING, why: 'it is a link that leads elsewhere' };
  await symlink(leads, target);
  return { copied: 1, linked: 0 };
};

const copyOne = async (from: string, source: string, target: string): Promise<Outcome> => {
  const info = await look(source);
  if (info?.isSymbolicLink()) return copyLink(from, source, target);
  if (!info?.isFile()) return { ...NOTHING, why: 'it is no file' };
  await copyFile(source, target, COPY);
  return { copied: 1, linked: 0 };
};

/** Links a file; of a folder each entry, because git may ignore the folder and not a link of its name. */
const linkOne = async (from: string, source: string, target: string): Promise<Outcome> => {
  const real = await realpath(source).catch(() => undefined);
  if (real === undefined || !isAtOrBelow(real, from)) return { ...NOTHING, why: 'it leads elsewhere' };
  const info = await look(source);
  if (!info?.isDirectory()) {
    await symlink(source, target);
    return { copied: 0, linked: 1 };
  }
  await mkdir(target, { mode: info.mode & 0o777 });
  const names = await readdir(source);
  for (const name of names) await symlink(join(source, name), join(target, name));
  return { copied: 0, linked: names.length };
};

/** More files than these of one folder are not copied: what a person has taught an agent is not so much. */
const MOST = 5000;

/** Copies a file, or a folder with all that is in it but links that lead elsewhere. */
const copyTree = async (from: string, source: string, target: string): Promise<Outcome> => {
  const info = await look(source);
  if (!info?.isDirectory()) return copyOne(from, source, target);
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  if (entries.length > MOST) return { ...NOTHING, why: `it holds more than ${MOST} files` };
  await mkdir(target, { mode: info.mode & 0o777 });
  let copied = 0;
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const to = join(target, path.slice(source.length));
    if (entry.isDirectory()) await mkdir(to, { mode: ((await look(path))?.mode ?? 0o755) & 0o777 });
    else copied += (await copyOne(from, path, to)).copied;
  }
  return { copied, linked: 0 };
};

type Step = (from: string, source: string, target: string) => Promise<Outcome>;

const furnishOne = async (from: string, to: string, path: string, step: Step): Promise<Outcome> => {
  if (!goesDown(path)) return { ...NOTHING, why: 'it is no path in the folder' };
  const source = join(from, path);
  if (step === copyTree && !(await look(source))) return NOTHING;
  const above = await realpath(dirname(source)).catch(() => undefined);
  if (above !== dirname(source)) return { ...NOTHING, why: 'a link is on the way to it' };
  if (!(await makeFolders(from, to, path))) return { ...NOTHING, why: 'something else is in its place' };
  if (await look(join(to, path))) return NOTHING;
  try {
    return await step(from, source, join(to, path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Somebody made it in the meantime.
    if (code === 'EEXIST') return NOTHING;
    return { ...NOTHING, why: error instanceof Error ? error.message : String(error) };
  }
};

/** A folder below another, made where it is not there; rejects where a link is on the way to it. */
const folderBelow = async (top: string, into: string): Promise<string> => {
  let folder = top;
  for (const name of into.split('/').filter((one) => one !== '')) {
    folder = join(folder, name);
    const there = await look(folder);
    if (there && !there.isDirectory()) throw new Error(`${folder} is no folder`);
    if (!there) await mkdir(folder, { mode: 0o700 });
  }
  return folder;
};

/** Copies and links what one folder has into another one; see the port. */
export const furnish = async ({ copies, trees = [], links, into = '', ...folders }: Furnishing): Promise<Furnished> => {
  const [from, top] = [await realpath(folders.from), await realpath(folders.to)];
  if (into !== '' && !goesDown(into)) throw new Error(`${into} is no path in the folder`);
  const to = await folderBelow(top, into);
  const steps: [string, Step][] = [
    ...copies.map((path): [string, Step] => [path, copyOne]),
    ...trees.map((path): [string, Step] => [path, copyTree]),
    ...links.map((path): [string, Step] => [path.replace(/\/$/u, ''), linkOne]),
  ];
  let [copied, linked] = [0, 0];
  const refused: { path: string; why: string }[] = [];
  for (const [path, step] of steps) {
    const done = await furnishOne(from, to, path, step);
    copied += done.copied;
    linked += done.linked;
    if (done.why !== undefined) refused.push({ path, why: done.why });
  }
  return { copied, linked, refused };
};
