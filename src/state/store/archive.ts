import type { History } from '../../ports/history.ts';
import { dropSnapshots, noteBegin, readBase, removeBefore, writeSnapshot } from './base.ts';
import { type Disk, replaceFile } from './disk.ts';
import { inWords } from './errors.ts';
import { findOld, type KnownSpans } from './old-events.ts';
import type { Tip } from './recover.ts';
import { isPacked, listSegments, packedPath, type SegmentRef, scanSegment } from './segment.ts';
import type { SegmentLimits } from './writer.ts';

/** So many full segments stay as they are behind the one that is written to; older ones are packed. */
const LIVE = 8;
/** So many packed segments are kept; the oldest go. They are 2.5 million events. */
const ARCHIVED = 250;

type Place = { readonly journal: string; readonly disk: Disk };

/** Packs a segment beside itself, and only then takes it away: at no moment is it not there. A harmed one stays as it is. */
const pack = async ({ disk }: Place, ref: SegmentRef): Promise<void> => {
  const { damage, torn } = await scanSegment(ref, disk);
  if (damage || torn !== null) return;
  await replaceFile(packedPath(ref), await disk.pack(await disk.read(ref.path)), { disk });
  await disk.remove(ref.path);
};

/** Lets go of the oldest segments, of which nobody has to know the events to know the state. */
const dropOldest = async ({ journal, disk }: Place, most: number): Promise<void> => {
  const packed = (await listSegments(journal, disk)).filter(isPacked);
  const base = await readBase(journal, { disk });
  const left = packed.slice(-most);
  const gone = packed.slice(0, -most);
  const first = left[0]?.first;
  if (gone.length === 0 || first === undefined || base === null || base.seq < first) return;
  await noteBegin(journal, first, disk);
  await removeBefore(journal, disk);
};

/**
 * Lets go of all segments before the one with an event. The note that the journal begins there decides: whoever is killed
 * before it has let go of nothing, and whoever is killed behind it leaves only files that do not count any more.
 */
const letGoBefore = async ({ journal, disk }: Place, first: number, tip: Tip, at: string): Promise<void> => {
  const base = await readBase(journal, { disk });
  if (base?.seq !== tip.state.seq) await writeSnapshot({ journal, disk }, tip, at);
  await dropSnapshots(journal, disk);
  await noteBegin(journal, first, disk);
  await removeBefore(journal, disk);
};

export type Archivist = History['events'] & {
  /** A new segment was begun; the state is the one that it goes on from. */
  rotated(tip: Tip): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
};

type Options = Place & {
  readonly limits: SegmentLimits;
  readonly now: () => string;
  /** The state as of the last durable event. */
  readonly tip: () => Tip;
  /** Whether nobody else may write by now. */
  readonly isOurs: () => boolean;
  readonly complain: (line: string) => void;
};

/**
 * Keeps the journal small: a snapshot of the state, old segments packed, the oldest gone. It works behind those who write, one
 * thing after the other, and what fails is tried again with the next segment.
 */
export const makeArchivist = (options: Options): Archivist => {
  const { journal, disk, now, complain } = options;
  const { live = LIVE, archived = ARCHIVED } = options.limits;
  const known: KnownSpans = new Map();
  let next: Tip | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One thing after the other: a segment that is let go of is not packed meanwhile. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  const compact = async (tip: Tip): Promise<void> => {
    if (!options.isOurs()) return;
    await writeSnapshot(options, tip, now());
    await dropSnapshots(journal, disk);
    const old = (await listSegments(journal, disk)).slice(0, -1 - live).filter((ref) => !isPacked(ref));
    for (const ref of old) if (options.isOurs()) await pack(options, ref);
    if (options.isOurs()) await dropOldest(options, archived);
  };

  const compactLatest = async (): Promise<void> => {
    const tip = next;
    next = undefined;
    if (tip === undefined) return;
    await compact(tip).catch((error: unknown) => complain(`old events could not be archived: ${inWords(error).cause}`));
  };

  return {
    rotated: (tip) => {
      const isComing = next !== undefined;
      next = tip;
      if (!isComing) void inTurn(compactLatest);
    },
    old: (before) => inTurn(() => findOld({ journal, disk, known }, before)),
    letGo: (before, first) =>
      inTurn(async () => {
        const found = await findOld({ journal, disk, known }, before, first);
        if (found.old === null || !options.isOurs()) return { ...found, old: null };
        await letGoBefore(options, found.kept.from.seq, options.tip(), now());
        known.clear();
        return found;
      }),
    settled: async () => void (await last),
  };
};
