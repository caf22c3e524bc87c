import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Values } from '../../state/setting-layers.ts';
import { settingsSchema } from '../../state/settings.ts';
import { canonicalJson } from '../../state/trust.ts';
import { unsafeTrust } from '../errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

const recordSchema = z.object({
  root: z.string(),
  /** What holds: the parts of the file that can run or allow something, as they were when they were trusted. */
  powers: z.record(z.string(), z.unknown()),
  trusted_at: z.string(),
});
/** What a person has trusted of one repository. */
type TrustRecord = z.infer<typeof recordSchema>;

/** Names a set of powers, whatever order they are written in. */
export const hashOf = (powers: Values): string =>
  createHash('sha256').update(canonicalJson(powers)).digest('hex').slice(0, 32);

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
};

/** The repository that a file of settings belongs to. */
const rootOf = (file: string): string => realPath(dirname(dirname(file)));

/** What is trusted is the person's own and lies outside of every repository. */
const trustFolder = (env: Env): string =>
  join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'drover', 'trust');

const recordFile = (file: string, env: Env): string =>
  join(trustFolder(env), `${createHash('sha256').update(rootOf(file)).digest('hex').slice(0, 32)}.json`);

/** Whatever is longer is no record of trust, in bytes. */
const LONGEST = 4 * 1024 * 1024;

/** A file that others can write to says nothing about what this person trusts. */
const isOwn = (path: string): boolean => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > LONGEST) return false;
  return (!process.getuid || found.uid === process.getuid()) && (found.mode & 0o022) === 0;
};

/** What is trusted of a repository, as it is written; undefined where nothing is. */
export const trustText = (file: string, env: Env): string | undefined => {
  const path = recordFile(file, env);
  return isOwn(path) ? readFileSync(path, 'utf8') : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** What is trusted of a repository; a record that is damaged, or another repository's, trusts nothing. */
export const readTrust = (file: string, env: Env): TrustRecord | undefined => {
  const record = recordSchema.safeParse(parsed(trustText(file, env) ?? '')).data;
  const isGood = record?.root === rootOf(file) && settingsSchema.safeParse(record.powers).success;
  return isGood ? record : undefined;
};

const ownFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) throw unsafeTrust({ folder: path });
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
};

/** Makes the names in a folder survive a power cut: what is trusted no more must not come back. */
const syncFolder = (folder: string): void => {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Trusts these powers for a repository; what was trusted before is forgotten. */
export const writeTrust = (file: string, env: Env, powers: Values): void => {
  const path = recordFile(file, env);
  const record: TrustRecord = { root: rootOf(file), powers, trusted_at: new Date().toISOString() };
  const next = `${path}.${process.pid}`;
  ownFolder(dirname(path));
  try {
    writeFileSync(next, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(next, path);
    syncFolder(dirname(path));
  } finally {
    rmSync(next, { force: true });
  }
};

/** Trusts nothing of a repository any more; whether anything was. */
export const forgetTrust = (file: string, env: Env): boolean => {
  const was = trustText(file, env) !== undefined;
  rmSync(recordFile(file, env), { force: true });
  if (was) syncFolder(trustFolder(env));
  return was;
};
