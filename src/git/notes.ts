import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import type { z } from 'zod';
import { makeFolderIn, syncFile } from './places.ts';

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

  /** Undefined where there is none, or none of this version; null for a text that was cut off. */
  const read = async (path: string): Promise<T | null | undefined> => {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return schema.safeParse(JSON.parse(text)).data;
    } catch {
      return null;
    }
  };
  const cutOffOf = (path: string, one: T): CutOff<T> => ({ one, forget: () => rm(path, { force: true }) });

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
      await syncFile(folderIn(commonDir));
      return () => rm(path, { force: true });
    },
    /** What is not at its end in a checkout. */
    at: async (commonDir: string, place: string): Promise<CutOff<T> | undefined> => {
      const path = fileOf(commonDir, place);
      const one = await read(path);
      return one ? cutOffOf(path, one) : undefined;
    },
    /** All that is not at its end. What was cut off while it was noted had not begun, and its note goes. */
    all: async (commonDir: string): Promise<readonly CutOff<T>[]> => {
      const names = await readdir(folderIn(commonDir)).catch(() => []);
      const found = names.map(async (name) => {
        const path = `${folderIn(commonDir)}/${name}`;
        const one = name.endsWith('.json') ? await read(path) : null;
        if (one === null) await rm(path, { force: true });
        return one ? [cutOffOf(path, one)] : [];
      });
      return (await Promise.all(found)).flat();
    },
  };
};
