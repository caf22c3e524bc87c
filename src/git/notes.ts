import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import type { z } from 'zod';
import { makeFolderIn } from './places.ts';

/** What was under way when a process was killed, and what forgets it. */
export type CutOff<T> = { readonly one: T; readonly forget: () => Promise<void> };

/**
 * Notes of what is under way in checkouts, at most one for each. They lie in a folder of that name in the git directory for as
 * long as that takes, so that whoever comes after a process that was killed knows what is half done.
 */
export const openNotes = <T>(name: string, schema: z.ZodType<T>) => {
  const folderIn = (commonDir: string): string => `${commonDir}/drover/${name}`;
  const fileOf = (commonDir: string, place: string): string =>
    `${folderIn(commonDir)}/${createHash('sha256').update(place).digest('hex').slice(0, 16)}.json`;

  const read = async (path: string): Promise<T | undefined> => {
    try {
      return schema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      return undefined;
    }
  };
  const cutOffAt = async (path: string): Promise<CutOff<T> | undefined> => {
    const one = await read(path);
    return one && { one, forget: () => rm(path, { force: true }) };
  };

  return {
    /** On the disk before the first file changes: what is half done after a power cut is known by it. The result removes it. */
    write: async (commonDir: string, place: string, one: T): Promise<() => Promise<void>> => {
      await makeFolderIn(commonDir, folderIn(commonDir));
      const path = fileOf(commonDir, place);
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(one));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
      return () => rm(path, { force: true });
    },
    /** What is not at its end in a checkout. */
    at: (commonDir: string, place: string): Promise<CutOff<T> | undefined> => cutOffAt(fileOf(commonDir, place)),
    /** All that is not at its end; what cannot be read was not begun. */
    all: async (commonDir: string): Promise<readonly CutOff<T>[]> => {
      const names = await readdir(folderIn(commonDir)).catch(() => []);
      const paths = names.map((file) => `${folderIn(commonDir)}/${file}`);
      const found = await Promise.all(paths.map((path) => (path.endsWith('.json') ? cutOffAt(path) : undefined)));
      await Promise.all(paths.filter((_, n) => !found[n]).map((path) => rm(path, { force: true })));
      return found.flatMap((one) => one ?? []);
    },
  };
};
