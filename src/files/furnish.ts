import { constants, type Stats } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, readdir, readlink, realpath, rename, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isAtOrBelow } from '../lib/below.ts';
import { codeOf } from '../lib/errors.ts';
import { systemReason } from '../lib/system-fault.ts';
import type { Furnished, Furnishing, NotGiven } from '../ports/target.ts';

type Refused = { readonly kind: NotGiven; readonly why: string };
type Outcome = { readonly copied: number; readonly linked: number; readonly refused?: Refused };
/** Gives a target what a source below `from` has; it may put together in the draft what is not there in one step. */
type Step = (from: string, source: string, target: string, draft: string) => Promise<Outcome>;

const NOTHING: Outcome = { copied: 0, linked: 0 };

const refuse = (kind: NotGiven, why: string): Outcome => ({ ...NOTHING, refused: { kind, why } });

/** Shares the blocks of the disk where it can, and never takes the place of what is there. */
const COPY = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;

/**
 * What is being copied has this name in the folder that gets it until it is whole: what is in its own place already is never looked
 * at again, and half of it would stay there for good. Who comes after a process that was killed begins it anew.
 */
const DRAFT = '.drover-unfinished';

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
  if (!stays || !isAtOrBelow(real, from)) return refuse('leads-elsewhere', 'it is a link that leads elsewhere');
  await symlink(leads, target);
  return { copied: 1, linked: 0 };
};

/** Makes what is in a file survive a power cut. */
const syncFile = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Puts what is whole in its place, where nothing is. */
const putInPlace = async (draft: string, target: string): Promise<void> => {
  if ((await lstat(draft)).isDirectory()) return rename(draft, target);
  await link(draft, target).catch(async (error: unknown) => {
    // Not every file system knows files of two names.
    if (codeOf(error) === 'EEXIST' || (await look(target))) throw error;
    await rename(draft, target);
  });
  await rm(draft, { force: true });
};

const copyOne: Step = async (from, source, target, draft) => {
  const info = await look(source);
  if (info?.isSymbolicLink()) return copyLink(from, source, target);
  if (!info?.isFile()) return refuse('no-file', 'it is no file');
  await copyFile(source, draft, COPY);
  await syncFile(draft);
  await putInPlace(draft, target);
  return { copied: 1, linked: 0 };
};

/** Links a file; of a folder each entry, because git may ignore the folder and not a link of its name. */
const linkOne: Step = async (from, source, target, draft) => {
  const real = await realpath(source).catch(() => undefined);
  if (real === undefined || !isAtOrBelow(real, from)) return refuse('leads-elsewhere', 'it leads elsewhere');
  const info = await look(source);
  if (!info?.isDirectory()) {
    await symlink(source, target);
    return { copied: 0, linked: 1 };
  }
  await mkdir(draft, { mode: info.mode & 0o777 });
  const names = await readdir(source);
  for (const name of names) await symlink(join(source, name), join(draft, name));
  await putInPlace(draft, target);
  return { copied: 0, linked: names.length };
};

/** More files than these of one folder are not copied: what a person has taught an agent is not so much. */
const MOST = 5000;

/** A file or a link within a folder that is not in its place yet. */
const copyInside = async (from: string, source: string, target: string): Promise<number> => {
  const info = await look(source);
  if (info?.isSymbolicLink()) return (await copyLink(from, source, target)).copied;
  if (!info?.isFile()) return 0;
  await copyFile(source, target, COPY);
  return 1;
};

/** Copies a file, or a folder with all that is in it but links that lead elsewhere. */
const copyTree: Step = async (from, source, target, draft) => {
  const info = await look(source);
  if (!info?.isDirectory()) return copyOne(from, source, target, draft);
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  if (entries.length > MOST) return refuse('too-many', `it holds more than ${MOST} files`);
  await mkdir(draft, { mode: info.mode & 0o777 });
  let copied = 0;
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const to = join(draft, path.slice(source.length));
    if (entry.isDirectory()) await mkdir(to, { mode: ((await look(path))?.mode ?? 0o755) & 0o777 });
    else copied += await copyInside(from, path, to);
  }
  await putInPlace(draft, target);
  return { copied, linked: 0 };
};

const furnishOne = async (from: string, to: string, path: string, step: Step): Promise<Outcome> => {
  if (!goesDown(path)) return refuse('no-path', 'it is no path in the folder');
  const source = join(from, path);
  if (step === copyTree && !(await look(source))) return NOTHING;
  const above = await realpath(dirname(source)).catch(() => undefined);
  if (above !== dirname(source)) return refuse('link-above', 'a link is on the way to it');
  if (!(await makeFolders(from, to, path))) return refuse('occupied', 'something else is in its place');
  if (await look(join(to, path))) return NOTHING;
  const draft = join(to, DRAFT);
  try {
    return await step(from, source, join(to, path), draft);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody made it in the meantime.
    if (['EEXIST', 'ENOTEMPTY'].includes(codeOf(error))) return NOTHING;
    return refuse('fault', systemReason(error));
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
  await rm(join(to, DRAFT), { recursive: true, force: true });
  const steps: [string, Step][] = [
    ...copies.map((path): [string, Step] => [path, copyOne]),
    ...trees.map((path): [string, Step] => [path, copyTree]),
    ...links.map((path): [string, Step] => [path.replace(/\/$/u, ''), linkOne]),
  ];
  let [copied, linked] = [0, 0];
  const refused: ({ path: string } & Refused)[] = [];
  for (const [path, step] of steps) {
    const done = await furnishOne(from, to, path, step);
    copied += done.copied;
    linked += done.linked;
    if (done.refused) refused.push({ path, ...done.refused });
  }
  return { copied, linked, refused };
};
