import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import { type State, stateSchema } from '../index.ts';
import { type Disk, isMissing, realDisk, replaceFile } from './disk.ts';
import { storeNewer } from './errors.ts';
import { jsonPieces } from './json-pieces.ts';
import { migrateState, PROJECTION_VERSION } from './migrate.ts';

/** The content of `db.json`: the state as of event `seq`, and the journal's checksum there. */
export type Projection = {
  readonly version: number;
  readonly seq: number;
  readonly crc: number;
  readonly written_at: string;
  readonly state: State;
};

/** A sound projection, `old` when an earlier version wrote it; or why there is none, null when there is no file. */
export type Reading =
  | { readonly projection: Projection; readonly old: boolean }
  | { readonly projection: null; readonly why: string | null };

export const backupOf = (file: string): string => `${file}.bak`;

/** Keeps the present file as the backup while it stays where it is: at no moment is there no whole projection. */
const keepBackup = async (file: string, disk: Disk): Promise<void> => {
  await disk.remove(backupOf(file));
  try {
    await disk.link(file, backupOf(file)).catch((error: unknown) => {
      if (isMissing(error)) throw error;
      return disk.copy(file, backupOf(file)); // Not every file system has hard links.
    });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};

/** An adapter for lowdb that syncs before and after it renames; lowdb's own one loses files in a power cut. */
const durableJson = <T>(file: string, disk: Disk): Adapter<T> => ({
  read: async () => {
    try {
      return JSON.parse((await disk.read(file)).toString()) as T;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  write: (data) =>
    replaceFile(file, jsonPieces(data), {
      disk,
      beforeRename: () => keepBackup(file, disk),
    }),
});

const documentSchema = z.object({
  version: z.number().int().min(0),
  seq: z.number().int().min(0),
  crc: z.number().int().min(0),
  written_at: z.string(),
  state: z.record(z.string(), z.unknown()),
});

const checkDocument = (data: unknown, file: string): Reading => {
  const document = documentSchema.safeParse(data);
  if (!document.success) return { projection: null, why: 'it is not a projection' };
  const { version, state, ...rest } = document.data;
  if (version > PROJECTION_VERSION) throw storeNewer({ file, version: `v${version}` });
  const present = migrateState(state, version);
  const fits = stateSchema.safeParse(present);
  if (!fits.success) return { projection: null, why: `its state does not fit: ${z.prettifyError(fits.error)}` };
  if (fits.data.seq !== rest.seq) return { projection: null, why: 'its state is not the one of its event number' };
  // The state as it was read, not zod's copy of it: a copy has its keys in another order, and a projection that is
  // written again without a change should be the same text.
  return {
    projection: { ...rest, version: PROJECTION_VERSION, state: present as State },
    old: version < PROJECTION_VERSION,
  };
};

/** Reads and checks a projection of this or an older version. Rejects with `store/newer` when it is of a later one. */
export const readProjection = async (file: string, disk: Disk = realDisk): Promise<Reading> => {
  let data: unknown;
  try {
    data = await durableJson<unknown>(file, disk).read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { projection: null, why: 'it is not whole' };
  }
  return data === null ? { projection: null, why: null } : checkDocument(data, file);
};

/** Where the state of a swarm is kept as one JSON document, written by its single writer. */
export const openProjection = (file: string, first: Projection, disk: Disk = realDisk): Low<Projection> =>
  new Low(durableJson(file, disk), first);
