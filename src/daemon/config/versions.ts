import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { type SettingVersion, settingVersionSchema } from '../../state/setting-versions.ts';
import { createFile } from '../../state/store/disk.ts';
import { settingsBytesOf } from './config.ts';

/** So many versions are kept; the oldest go. */
const MOST = 200;

/** A version with the whole file, byte for byte; null where there was no file. */
const recordSchema = settingVersionSchema.extend({ content: z.base64().nullable() });

/** What was done to the file, and who did it. */
type Change = Pick<SettingVersion, 'by' | 'change'>;

export type Versions = {
  /** All versions there are, the oldest first. */
  list(): Promise<readonly SettingVersion[]>;
  /** The file as it was at a version, null where there was none; undefined when that version is not known. */
  contentOf(version: number): Promise<Buffer | null | undefined>;
  /** Whether the file is now what it was at the newest version. */
  isNewest(): Promise<boolean>;
  /**
   * Changes the file and keeps what became of it as a version. What somebody else has made of the file since the version
   * before is kept as one of its own, so that every version can be gone back to.
   */
  keep<T>(change: Change, write: () => Promise<T>): Promise<T>;
};

const FOUND: Change = { by: null, change: 'as it was found: changed by hand, or by a checkout' };

const NO_FILE: Change = { by: null, change: 'there was no file' };

const contentIn = async (file: string): Promise<Buffer | null> => (await settingsBytesOf(file)) ?? null;

const isSame = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The versions of a file, kept in a folder. A version that cannot be read is left out. */
export const openVersions = (folder: string, file: string, now: () => string): Versions => {
  const pathOf = (version: number): string => `${folder}/${String(version).padStart(6, '0')}.json`;
  const numbers = async (): Promise<number[]> => {
    const names = await readdir(folder).catch(() => []);
    return names
      .filter((name) => /^\d{6,}\.json$/u.test(name))
      .map((name) => Number.parseInt(name, 10))
      .toSorted((a, b) => a - b);
  };
  const recordOf = async (version: number) => {
    const text = await readFile(pathOf(version), 'utf8').catch(() => '');
    const { data } = recordSchema.safeParse(parsed(text));
    return data?.version === version ? data : undefined;
  };
  const contentOf = async (version: number): Promise<Buffer | null | undefined> => {
    const record = await recordOf(version);
    if (record === undefined) return undefined;
    return record.content === null ? null : Buffer.from(record.content, 'base64');
  };
  /** Keeps the file as it is now under the next number; false where somebody else has just taken that. */
  const addNext = async (changeOf: (content: Buffer | null) => Change): Promise<boolean> => {
    const content = await contentIn(file);
    const all = await numbers();
    const newest = all.at(-1) ?? 0;
    const before = newest === 0 ? undefined : await contentOf(newest);
    if (before !== undefined && isSame(before, content)) return true;
    const version = newest + 1;
    const record = {
      version,
      at: now(),
      ...changeOf(content),
      content: content === null ? null : content.toString('base64'),
    };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!(await createFile(pathOf(version), `${JSON.stringify(record)}\n`))) return false;
    for (const old of all.slice(0, Math.max(0, all.length + 1 - MOST))) await rm(pathOf(old), { force: true });
    return true;
  };
  const add = async (changeOf: (content: Buffer | null) => Change): Promise<void> => {
    for (let isKept = false; !isKept; ) isKept = await addNext(changeOf);
  };
  return {
    list: async () => {
      const records = await Promise.all((await numbers()).map(recordOf));
      return records.flatMap((record) => (record ? [settingVersionSchema.parse(record)] : []));
    },
    contentOf,
    isNewest: async () => {
      const content = await contentOf((await numbers()).at(-1) ?? 0);
      return content !== undefined && isSame(content, await contentIn(file));
    },
    keep: async (change, write) => {
      await add((content) => (content === null ? NO_FILE : FOUND));
      const done = await write();
      await add(() => change);
      return done;
    },
  };
};
