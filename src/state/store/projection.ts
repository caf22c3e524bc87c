import { crc32 } from 'node:zlib';
import { type Adapter, Low } from 'lowdb';
import { z } from 'zod';
import { isMissing, unlessMissing } from '../../lib/missing.ts';
import { isOlder } from '../../lib/release-order.ts';
import { type State, stateSchema } from '../index.ts';
import { type Disk, realDisk, replaceFile } from './disk.ts';
import { storeNewer } from './errors.ts';
import { jsonPieces } from './json-pieces.ts';
import { migrateState, PROJECTION_VERSION } from './migrate.ts';

/** The content of `db.json`: the state as of event `seq`, and the journal's checksum there. */
export type Projection = {
  readonly version: number;
  /** The release of Drover that wrote it, where that was told. */
  readonly release?: string | undefined;
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

/** Where the text of the state begins, which is the last of what is written of a document but for its checksum. */
const STATE = '\n  "state": ';
const END = '\n}\n';
const SUM = /,\n {2}"sum": (?<sum>\d+)\n\}\n$/u;
const LONGEST_SUM = 32;

/** The text of a document, piece by piece, with the checksum of the text of its state behind that. */
const summedPieces = function* (data: unknown): Generator<string, void, void> {
  let before: string | undefined;
  let sum = 0;
  for (const piece of jsonPieces(data)) {
    if (before !== undefined) {
      sum = crc32(before, sum);
      yield before;
      before = piece;
      continue;
    }
    // What is before the state, the time of its writing among it, is small.
    const at = piece.indexOf(STATE);
    yield piece.slice(0, at);
    before = piece.slice(at);
  }
  const last = before!.slice(0, -END.length);
  yield `${last},\n  "sum": ${crc32(last, sum)}${END}`;
};

/** Whether a document is as it was written: nobody has to look whether its state is one then. Older ones do not say. */
const isAsWritten = (bytes: Buffer): boolean | undefined => {
  const found = SUM.exec(bytes.subarray(-LONGEST_SUM).toString('latin1'));
  if (!found) return undefined;
  const at = bytes.indexOf(STATE);
  if (at === -1) return false;
  return crc32(bytes.subarray(at, bytes.length - found[0].length)) === Number(found.groups!['sum']);
};

type Read = { readonly data: unknown; readonly asWritten: boolean | undefined };

const readDocument = async (file: string, disk: Disk): Promise<Read | undefined> => {
  const bytes = await unlessMissing(disk.read(file));
  return bytes && { data: JSON.parse(bytes.toString()), asWritten: isAsWritten(bytes) };
};

/** An adapter for lowdb that syncs before and after it renames; lowdb's own one loses files in a power cut. */
const durableJson = <T>(file: string, disk: Disk): Adapter<T> => ({
  read: async () => ((await readDocument(file, disk))?.data as T | undefined) ?? null,
  write: (data) =>
    replaceFile(file, summedPieces(data), {
      disk,
      beforeRename: () => keepBackup(file, disk),
    }),
});

const documentSchema = z.object({
  version: z.number().int().min(0),
  release: z.string().optional(),
  seq: z.number().int().min(0),
  crc: z.number().int().min(0),
  written_at: z.string(),
  state: z.record(z.string(), z.unknown()),
});

/** Why something is not a state; undefined where it is one. */
const misfit = (state: unknown): string | undefined => {
  const fits = stateSchema.safeParse(state);
  return fits.success ? undefined : `its state does not fit: ${z.prettifyError(fits.error)}`;
};

/** What of a document every version will have, and what a later one may have put another meaning to. */
const laterSchema = z.object({ version: z.number().optional(), release: z.string().optional() });

/** Throws `store/newer` where a later version wrote a document. One of the same format may hold what events say that are not known. */
const assertNotLater = (data: unknown, file: string, ours: string | undefined): void => {
  const { version = 0, release } = laterSchema.safeParse(data).data ?? {};
  if (version > PROJECTION_VERSION) throw storeNewer({ file, version: `v${version}` });
  if (ours !== undefined && release !== undefined && isOlder(ours, release))
    throw storeNewer({ file, version: `of Drover ${release}` });
};

const checkDocument = ({ data, asWritten }: Read): Reading => {
  const document = documentSchema.safeParse(data);
  if (!document.success) return { projection: null, why: 'it is not a projection' };
  const { version, state, ...rest } = document.data;
  // One byte of a title is another one: a state as any other, and not what happened.
  if (asWritten === false) return { projection: null, why: 'its checksum does not fit' };
  const present = migrateState(state, version);
  // Of thousands of tasks that takes longer than all else at the start of a daemon.
  const why = asWritten && version === PROJECTION_VERSION ? undefined : misfit(present);
  if (why !== undefined) return { projection: null, why };
  if (present['seq'] !== rest.seq) return { projection: null, why: 'its state is not the one of its event number' };
  // The state as it was read, not zod's copy of it: a copy has its keys in another order, and a projection that is
  // written again without a change should be the same text.
  return {
    projection: { ...rest, version: PROJECTION_VERSION, state: present as unknown as State },
    old: version < PROJECTION_VERSION,
  };
};

/**
 * Reads and checks a projection of this or an older version. Rejects with `store/newer` when it is of a later one: of another
 * format, or written by a later release than ours where that is said.
 */
export const readProjection = async (file: string, disk: Disk = realDisk, ours?: string): Promise<Reading> => {
  let read: Read | undefined;
  try {
    read = await readDocument(file, disk);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { projection: null, why: 'it is not whole' };
  }
  if (!read) return { projection: null, why: null };
  assertNotLater(read.data, file, ours);
  return checkDocument(read);
};

/** Where the state of a swarm is kept as one JSON document, written by its single writer. */
export const openProjection = (file: string, first: Projection, disk: Disk = realDisk): Low<Projection> =>
  new Low(durableJson(file, disk), first);
