import { randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readBounded } from '../files/bounded-file.ts';
import { unlessMissing } from '../lib/missing.ts';
import { badSecretName, secretMissing, secretUnreadable } from './errors.ts';
import { type Entry, entrySchema, KEY_BYTES, seal, unseal } from './seal.ts';

type SecretRow = { readonly name: string; readonly changed_at: string };

/** Values that belong to a person, each in a file of its own, so that two who write never overwrite each other. */
export type Secrets = {
  /** The folder that holds them; it need not be there. */
  readonly folder: string;
  list(): Promise<readonly SecretRow[]>;
  /** Rejects with `secret/missing` or `secret/unreadable`. */
  get(name: string): Promise<string>;
  /** Every value that can be read. */
  values(): Promise<readonly string[]>;
  set(name: string, value: string): Promise<void>;
  has(name: string): Promise<boolean>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
};

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/u;
const FILE = /^(?<name>[a-z0-9][a-z0-9._-]{0,63})\.json$/u;

/** The name, if it is one: it becomes the name of a file. */
export const checkedSecretName = (name: string): string => {
  if (!NAME.test(name)) throw badSecretName({ name });
  return name;
};

const makeFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
};

/** Puts a file in its place in one step; where `isNew`, only if nobody was faster. */
const place = async (path: string, content: string | Uint8Array, isNew = false): Promise<void> => {
  await makeFolder(dirname(path));
  const unfinished = `${path}.${randomBytes(4).toString('hex')}.new`;
  try {
    await writeFile(unfinished, content, { mode: 0o600, flush: true });
    if (!isNew) await rename(unfinished, path);
    else
      await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
  } finally {
    await rm(unfinished, { force: true });
  }
};

/** Whatever is longer is no key and no sealed secret, in bytes. */
const LONGEST = 1024 * 1024;

const readSealed = async (path: string): Promise<Buffer | undefined> => {
  const { bytes, refused } = await readBounded(path, LONGEST);
  if (refused !== undefined) throw secretUnreadable({ path });
  return bytes;
};

const readEntry = async (path: string): Promise<Entry | undefined> => {
  const bytes = await readSealed(path);
  if (bytes === undefined) return undefined;
  try {
    return entrySchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw secretUnreadable({ path }, error);
  }
};

/** The secrets in a folder, sealed by the key in a file that lies elsewhere. `now` gives the time, ISO 8601. */
export const openSecrets = (where: { folder: string; keyFile: string; now: () => string }): Secrets => {
  const { folder, keyFile, now } = where;
  const fileOf = (name: string): string => join(folder, `${checkedSecretName(name)}.json`);

  const readKey = async (): Promise<Uint8Array | undefined> => {
    const key = await readSealed(keyFile);
    if (key && key.length !== KEY_BYTES) throw secretUnreadable({ path: keyFile });
    return key;
  };
  const needKey = async (): Promise<Uint8Array> => {
    const known = await readKey();
    if (known) return known;
    await place(keyFile, randomBytes(KEY_BYTES), true);
    return (await readKey())!;
  };

  const names = async (): Promise<readonly string[]> =>
    ((await unlessMissing(readdir(folder))) ?? [])
      .flatMap((file) => FILE.exec(file)?.groups?.['name'] ?? [])
      .toSorted();

  const get: Secrets['get'] = async (name) => {
    const entry = await readEntry(fileOf(name));
    if (!entry) throw secretMissing({ name });
    const key = await readKey();
    const value = key && unseal(key, name, entry);
    if (value === undefined) throw secretUnreadable({ path: fileOf(name) });
    return value;
  };

  const has: Secrets['has'] = async (name) => (await unlessMissing(lstat(fileOf(name)))) !== undefined;

  return {
    folder,
    list: async () => {
      const rows = (await names()).map(async (name) => ({
        name,
        changed_at: (await readEntry(fileOf(name)).catch(() => undefined))?.changed_at ?? '',
      }));
      return Promise.all(rows);
    },
    get,
    values: async () =>
      (await Promise.all((await names()).map((name) => get(name).catch(() => '')))).filter((value) => value !== ''),
    set: async (name, value) => place(fileOf(name), JSON.stringify(seal(await needKey(), { name, value, at: now() }))),
    has,
    remove: async (name) => {
      const isThere = await has(name);
      await rm(fileOf(name), { force: true });
      return isThere;
    },
  };
};
