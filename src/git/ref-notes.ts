import { createHash, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolderIn, syncFile } from './places.ts';

/** Tells the notes of this process from those of an earlier one, whose process id may be the same. */
const OURS = randomUUID();

/** A git that changes a ref makes its lock within so many milliseconds of the note; after them it was timed out. */
const MOVE_MS = 120_000;

const noteNameOf = (ref: string): string => `moving-${createHash('sha256').update(ref).digest('hex').slice(0, 16)}`;

const noteOf = (commonDir: string, ref: string): string => `${commonDir}/drover/${noteNameOf(ref)}`;

/** The ref that a note without its text is of, as a power cut leaves it: one of those with a lock, by the name of the note. */
const lockedRefOf = async (commonDir: string, note: string): Promise<string | undefined> => {
  const names = await readdir(`${commonDir}/refs`, { recursive: true }).catch(() => []);
  const locked = names.filter((name) => name.endsWith('.lock')).map((name) => `refs/${name.slice(0, -'.lock'.length)}`);
  return locked.find((ref) => noteNameOf(ref) === note);
};

/**
 * Makes the name of a ref survive a power cut: git syncs what it writes into the file, and not the folder in which it renames
 * it. Where refs are no files of their own there is no such folder.
 */
const syncName = (commonDir: string, ref: string): Promise<void> =>
  syncFile(dirname(`${commonDir}/${ref}`)).catch(() => undefined);

/** Notes on the disk that a ref is being changed by us, for as long as the work takes: a killed process leaves its note. */
export const withRefNote = async <T>(commonDir: string, ref: string, work: () => Promise<T>): Promise<T> => {
  const note = noteOf(commonDir, ref);
  await makeFolderIn(commonDir, `${commonDir}/drover`);
  writeFileSync(note, `${OURS}\n${ref}`, { mode: 0o600 });
  try {
    const done = await work();
    await syncName(commonDir, ref);
    return done;
  } finally {
    rmSync(note, { force: true });
  }
};

/** Whether a lock of a ref was made while a process before this one was changing that ref. */
export const isLockOfEarlierMove = async (commonDir: string, ref: string, lockedAtMs: number): Promise<boolean> => {
  const note = noteOf(commonDir, ref);
  const [author] = (await readFile(note, 'utf8').catch(() => OURS)).split('\n');
  const info = await stat(note).catch(() => undefined);
  if (author === OURS || !info) return false;
  return lockedAtMs >= info.mtimeMs && lockedAtMs - info.mtimeMs <= MOVE_MS;
};

type Left = {
  readonly note: string;
  /** The ref beside which a lock lies. */
  readonly locked: string | undefined;
};

/** The notes of an earlier process. */
const leftNotes = async (commonDir: string): Promise<readonly Left[]> => {
  const names = await readdir(`${commonDir}/drover`).catch(() => []);
  const left: Left[] = [];
  for (const name of names.filter((one) => one.startsWith('moving-'))) {
    const note = `${commonDir}/drover/${name}`;
    const [author, noted] = (await readFile(note, 'utf8').catch(() => OURS)).split('\n');
    const ref = noted ?? (author === '' ? await lockedRefOf(commonDir, name) : undefined);
    const lock = await stat(`${commonDir}/${ref}.lock`).catch(() => undefined);
    if (author !== OURS) left.push({ note, locked: lock && ref });
  }
  return left;
};

/** The refs with a lock that were being changed when an earlier process was killed. */
export const refsLeftLocked = async (commonDir: string): Promise<readonly string[]> =>
  (await leftNotes(commonDir)).flatMap(({ locked }) => locked ?? []);

/** Forgets the notes of an earlier process, but for those beside which a lock was left. */
export const sweepRefNotes = async (commonDir: string): Promise<void> => {
  for (const { note, locked } of await leftNotes(commonDir)) if (locked === undefined) await rm(note, { force: true });
};
