import { createWriteStream } from 'node:fs';
import { link, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { codeOf } from '../../../lib/errors.ts';
import { unlessMissing } from '../../../lib/missing.ts';
import { olderOf, type Paths } from '../../../lib/paths.ts';
import { readBase } from '../base.ts';
import { type Checked, checkJournal } from '../check.ts';
import { realDisk } from '../disk.ts';
import { inWords, isSystemError, storeDamaged } from '../errors.ts';
import { readProjection } from '../projection.ts';
import {
  beginIn,
  listSegments,
  packedPath,
  readSegment,
  type SegmentRef,
  segmentName,
  segmentsAfter,
  segmentText,
} from '../segment.ts';
import { type Entry, isKept, linesOf } from './container.ts';
import { backupThere, backupUnwritable, nothingToSave } from './errors.ts';

type Options = {
  readonly paths: Paths;
  readonly file: string;
  readonly now: () => string;
  readonly release: string;
  /** With what the terminals of the agents showed. */
  readonly logs: boolean;
  /** How a file gets a second name (default: by the file system). */
  readonly link?: typeof link;
};

const namesIn = async (folder: string): Promise<readonly string[]> =>
  ((await unlessMissing(readdir(folder))) ?? []).toSorted();

/** What is there now may be gone, or longer, a moment later: it is taken as it is when it is read. */
const filesIn = async function* (state: string, folder: string, isMeant = isKept): AsyncGenerator<Entry, void, void> {
  for (const name of await namesIn(join(state, folder))) {
    const path = `${folder}/${name}`;
    const content = isMeant(path) ? await unlessMissing(readFile(join(state, path))) : undefined;
    if (content) yield { path, content };
  }
};

/** The event that a start goes on from, which needs nothing of the journal before it. */
const startSeq = async ({ projection, journal }: Paths): Promise<number> => {
  const known = await readProjection(projection);
  const base = await unlessMissing(readBase(journal));
  return Math.max(known.projection?.seq ?? 0, base?.seq ?? 0);
};

/** A file of the journal as it lies there, packed or not. */
const rawEntry = async (ref: SegmentRef): Promise<Entry> => {
  const content = await unlessMissing(readFile(ref.path));
  const path = content ? ref.path : packedPath(ref);
  return { path: `journal/${basename(path)}`, content: content ?? (await readFile(path)) };
};

type From = { readonly start: number; readonly refs: readonly SegmentRef[] };

/** Whether something is wrong with the file of a segment, and not only with what is before it. */
const isHarmed = ({ ref, fault }: Checked): boolean => fault !== null && fault.to >= ref.first;

/** Rejects, with what a start would say of a segment, where it needs what is wrong with it. */
const assertUnneeded = async (checked: Checked, { start, refs }: From): Promise<void> => {
  const { ref, fault, refusal } = checked;
  if (refusal) throw refusal;
  if (!fault) return;
  const isRead = segmentsAfter(refs, start).some(({ first }) => first === ref.first);
  if (fault.to <= start && !(isRead && isHarmed(checked))) return;
  await readSegment(ref);
  throw storeDamaged({ file: ref.path, line: 1, what: fault.what });
};

/**
 * All segments, each checked, to the last whole group. History that no start needs is taken as it is, and what is wrong with
 * it noted; rejects where a start needs it.
 */
const segmentEntries = async function* (paths: Paths, gaps: string[]): AsyncGenerator<Entry, void, void> {
  const { journal } = paths;
  const refs = await unlessMissing(listSegments(journal));
  if (!refs) {
    gaps.push('the journal is missing: older events cannot be listed');
    return;
  }
  const start = await startSeq(paths);
  for await (const checked of checkJournal(journal)) {
    const { ref, sound, fault } = checked;
    await assertUnneeded(checked, { start, refs });
    if (fault) gaps.push(fault.what);
    if (sound && !isHarmed(checked)) yield { path: `journal/${segmentName(ref.first)}`, content: segmentText(sound) };
    else yield await rawEntry(ref);
  }
};

/** The noted end of the audit before its records: one that is older than they are shows nothing to be missing. */
const auditEntries = async function* ({ state }: Paths): AsyncGenerator<Entry, void, void> {
  const path = 'audit/tip';
  const content = await unlessMissing(readFile(join(state, path)));
  if (content) yield { path, content };
  yield* filesIn(state, 'audit', (one) => one !== path && isKept(one));
};

const isBeside = (path: string): boolean => /\.(?:state\.json|snapshot\.json|begins)$/u.test(path);

/**
 * What is kept, in an order that makes it consistent while the swarm works: what follows the journal is read before it, so
 * that the journal leads at least as far.
 */
const entriesOf = async function* ({ paths, logs }: Options, gaps: string[]): AsyncGenerator<Entry, void, void> {
  const { state } = paths;
  const single = {
    'db.json': paths.projection,
    'settings.json': paths.config,
    'communication.log.1': olderOf(paths.communicationLog),
    'communication.log': paths.communicationLog,
  };
  for (const [path, place] of Object.entries(single)) {
    const content = await unlessMissing(readFile(place));
    if (content) yield { path, content };
  }
  yield* filesIn(state, 'journal', isBeside);
  yield* segmentEntries(paths, gaps);
  yield* auditEntries(paths);
  yield* filesIn(state, 'config');
  if (logs) for (const instance of await namesIn(paths.logs)) yield* filesIn(state, `logs/${instance}`);
};

type Created = {
  readonly file: string;
  readonly files: number;
  readonly bytes: number;
  /** What is wrong with history that no start needs, in sentences. */
  readonly gaps: readonly string[];
};

/** What file systems without hard links say of one, FAT for instance. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Takes the name by an empty file of our own first, and then replaces that. */
const placeByName = async (half: string, file: string): Promise<void> => {
  await (await open(file, 'wx', 0o600)).close();
  try {
    await rename(half, file);
  } catch (error) {
    await rm(file);
    throw error;
  }
};

/** Puts a file in its place only where none is: whoever is faster wins. */
const placeNew = async (half: string, file: string, makeLink: typeof link): Promise<void> => {
  try {
    await makeLink(half, file).catch((error: unknown) => {
      if (NO_LINKS.includes(codeOf(error))) return placeByName(half, file);
      throw error;
    });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw backupThere({ file });
    throw error;
  }
  await rm(half, { force: true });
  await realDisk.syncFolder(dirname(file));
};

/** So often a backup is begun in all while old events are let go of beside it, which happens once in weeks. */
const ATTEMPTS = 5;

/** Writes what is kept into a new file: how much that is, or null where old events went meanwhile, and with them half of it. */
const writeWhole = async (options: Options, half: string): Promise<Omit<Created, 'file'> | null> => {
  const { journal } = options.paths;
  const begin = beginIn(await namesIn(journal));
  let files = 0;
  const gaps: string[] = [];
  const counted = async function* () {
    for await (const entry of entriesOf(options, gaps)) {
      files += 1;
      yield entry;
    }
  };
  const packed = createWriteStream(half, { flags: 'wx', mode: 0o600, flush: true });
  const head = { at: options.now(), release: options.release, root: options.paths.root };
  await pipeline(linesOf(head, counted()), createGzip(), packed);
  if (beginIn(await namesIn(journal)) === begin) return { files, bytes: packed.bytesWritten, gaps };
  await rm(half);
  return null;
};

/** Writes a backup of the swarm, which may work meanwhile, into a file that is not there yet. */
export const createBackup = async (options: Options): Promise<Created> => {
  const { file, paths } = options;
  if ((await unlessMissing(readFile(paths.projection))) === undefined && (await namesIn(paths.journal)).length === 0)
    throw nothingToSave({ state: paths.state });
  const half = `${file}.${process.pid}.tmp`;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const written = await writeWhole(options, half);
      if (written === null) continue;
      await placeNew(half, file, options.link ?? link);
      return { file, ...written };
    }
    throw backupUnwritable({ file, cause: 'old events were let go of each time that it was begun' });
  } catch (error) {
    await rm(half, { force: true }).catch(() => undefined);
    throw isSystemError(error) ? backupUnwritable({ file, cause: inWords(error).cause }, error) : error;
  }
};
