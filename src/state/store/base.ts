import { join } from 'node:path';
import { type Disk, realDisk } from './disk.ts';
import { type Later, readOrLater } from './later.ts';
import { PROJECTION_VERSION } from './migrate.ts';
import { openProjection, type Projection } from './projection.ts';
import { beginIn, type SegmentRef } from './segment.ts';

/**
 * States that a segment goes on from: `state` behind a gap, where no event leads there, and `snapshot` where the events
 * before it are archived. `begins` says that all before it was let go of.
 */
const NAME = /^(?<first>\d{12})\.(?<kind>state\.json|snapshot\.json|begins)$/u;

type Kind = 'state.json' | 'snapshot.json' | 'begins';
type Place = {
  readonly journal: string;
  readonly disk?: Disk;
  /** The version of Drover that writes. */
  readonly release?: string | undefined;
};

const named = (journal: string, first: number, kind: Kind): string =>
  join(journal, `${String(first).padStart(12, '0')}.${kind}`);

const writeState = async (
  { journal, disk = realDisk, release }: Place,
  kind: Kind,
  { state, crc }: Pick<Projection, 'state' | 'crc'>,
  at: string,
): Promise<void> => {
  const { seq } = state;
  const document = { version: PROJECTION_VERSION, release, seq, crc, written_at: at, state };
  await openProjection(named(journal, seq + 1, kind), document, disk).write();
};

type Tip = Pick<Projection, 'state' | 'crc'>;

/** Keeps the state that the next segment goes on from: behind a gap no event leads there. */
export const writeBase = (place: Place, tip: Tip, at: string): Promise<void> =>
  writeState(place, 'state.json', tip, at);

/** Keeps the state that the next segment goes on from, so that nobody has to read what is archived. */
export const writeSnapshot = (place: Place, tip: Tip, at: string): Promise<void> =>
  writeState(place, 'snapshot.json', tip, at);

type Found = { readonly path: string; readonly first: number; readonly kind: Kind };

/** What lies beside the segments, in order. */
const listBeside = async (journal: string, disk: Disk): Promise<readonly Found[]> =>
  (await disk.list(journal)).toSorted().flatMap((name) => {
    const groups = NAME.exec(name)?.groups;
    return groups ? [{ path: join(journal, name), first: Number(groups['first']), kind: groups['kind'] as Kind }] : [];
  });

/** Lets go of snapshots that a newer one has made useless, but for the last before it. */
export const dropSnapshots = async (journal: string, disk: Disk): Promise<void> => {
  const all = (await listBeside(journal, disk)).filter(({ kind }) => kind === 'snapshot.json');
  for (const { path } of all.slice(0, -2)) await disk.remove(path);
};

/** Notes that the journal begins with this event. From then on what is before it does not count, whether it is there or not. */
export const noteBegin = async (journal: string, first: number, disk: Disk): Promise<void> => {
  const file = await disk.open(named(journal, first, 'begins'), 'w');
  await file.close();
  await disk.syncFolder(journal);
};

const REMOVABLE = /^(?<first>\d{12})\.(?:jsonl(?:\.gz)?|state\.json|snapshot\.json|begins)(?:\.(?:tmp|bak))?$/u;
const SEGMENT = /\.jsonl(?:\.gz)?$/u;

/** Removes what lies before the event with which the journal begins; gives that number where segments were left of it. */
export const removeBefore = async (journal: string, disk: Disk): Promise<number | undefined> => {
  const names = (await disk.list(journal)).toSorted();
  const begin = beginIn(names);
  const gone = names.filter((name) => Number(REMOVABLE.exec(name)?.groups?.['first'] ?? begin) < begin);
  for (const name of gone) await disk.remove(join(journal, name));
  return gone.some((name) => SEGMENT.test(name)) ? begin : undefined;
};

type Which = {
  readonly disk?: Disk;
  /** False: only those behind gaps. */
  readonly snapshots?: boolean;
  /** Only those of later events than this one. */
  readonly after?: number;
  /** Our version: where it is said, what a later one wrote is passed over. */
  readonly release?: string | undefined;
};

/** A snapshot of a later version only saves time; without the state behind a gap nobody knows how the journal goes on. */
const readBeside = async (
  { path, kind }: Found,
  disk: Disk,
  release: string | undefined,
): Promise<Projection | null> => {
  const read = await readOrLater(path, disk, release);
  if (!('error' in read)) return read.projection;
  if (kind === 'snapshot.json') return null;
  throw read.error;
};

/** The states that segments go on from and that are sound, the newest first; each is read when it is asked for. */
export const readBases = async function* (
  journal: string,
  { disk = realDisk, snapshots = true, after = -1, release }: Which = {},
): AsyncGenerator<Projection, void, void> {
  for (const found of (await listBeside(journal, disk)).toReversed()) {
    const { first, kind } = found;
    if (kind === 'begins' || (kind === 'snapshot.json' && !snapshots) || first <= after + 1) continue;
    const projection = await readBeside(found, disk, release);
    if (projection?.seq === first - 1) yield projection;
  }
};

/** The newest of all that lie there which a later version wrote; undefined where none did. */
export const laterBeside = async (
  journal: string,
  disk: Disk = realDisk,
  release?: string | undefined,
): Promise<Later | undefined> => {
  for (const { path, kind } of (await listBeside(journal, disk)).toReversed()) {
    if (kind === 'begins') continue;
    const read = await readOrLater(path, disk, release);
    if ('error' in read) return read;
  }
  return undefined;
};

/** The newest of them; null where there is none. */
export const readBase = async (journal: string, which: Which = {}): Promise<Projection | null> =>
  (await readBases(journal, which).next()).value ?? null;

/** Where a replay starts: behind the last gap where the projection is of before it, for no event leads over the gap. */
export const startOf = async (
  journal: string,
  projection: Projection,
  which: Pick<Which, 'disk' | 'release'> = {},
): Promise<Projection> => (await readBase(journal, { after: projection.seq, ...which })) ?? projection;

/** The number of the event behind the newest gap that is known of, with which the journal begins again; 0 without one. */
export const lastGap = async (journal: string, disk: Disk): Promise<number> =>
  Math.max(
    0,
    ...(await listBeside(journal, disk)).flatMap(({ first, kind }) => (kind === 'snapshot.json' ? [] : first)),
  );

/** Where a replay of the whole journal starts: behind the last gap, or where what is left of it begins. */
export const wholeStart = async (
  journal: string,
  refs: readonly SegmentRef[],
  disk: Disk = realDisk,
): Promise<Projection | null> => {
  const behindGap = await readBase(journal, { disk, snapshots: false });
  const first = refs[0]?.first ?? 1;
  const leadsOn = ({ seq }: Projection): boolean => seq >= first - 1;
  if (behindGap && leadsOn(behindGap)) return behindGap;
  // What is missing and was not let go of is damage, and not to be passed over.
  if (first > (await lastGap(journal, disk))) return behindGap;
  return (await Array.fromAsync(readBases(journal, { disk }))).findLast(leadsOn) ?? null;
};
