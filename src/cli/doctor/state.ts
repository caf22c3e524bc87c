import { lstat, open } from 'node:fs/promises';
import { versionOf } from '../../client/package.ts';
import { AppError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { shownLine } from '../../lib/text.ts';
import { emptyState, type State } from '../../state/index.ts';
import { readBase, startOf } from '../../state/store/base.ts';
import { checkJournal, type Fault } from '../../state/store/check.ts';
import { realDisk } from '../../state/store/disk.ts';
import { eventsText } from '../../state/store/errors.ts';
import { readMark } from '../../state/store/mark.ts';
import { backupOf, type Reading, readProjection } from '../../state/store/projection.ts';
import { replay } from '../../state/store/recover.ts';
import { lossText, planSalvage } from '../../state/store/salvage.ts';
import { listSegments, type SegmentRef, segmentsAfter } from '../../state/store/segment.ts';
import { plural } from '../../text/wording.ts';
import { holderIn } from './daemon.ts';
import { displacedFindings } from './displaced.ts';
import { PATIENCE_SHARE, type Probe, USUAL_PATIENCE_MS } from './examination.ts';
import { commandLine, error, type Finding, findingOf, note, ok, warning } from './finding.ts';
import { newerState } from './newer.ts';
import { judgeClock } from './system.ts';

/** Something that lies where a file or a folder of ours has to be. */
type InTheWay = { readonly path: string; readonly wanted: string };

/** What the disk knows of the swarm. `state` is undefined where nobody can tell what it is. */
export type StateFacts = {
  readonly paths: Pick<Paths, 'state' | 'projection'>;
  /** How many segments the journal has. */
  readonly segments: number;
  /** How many events the segments hold that were looked at, and from which on none is missing. */
  readonly events: number;
  readonly since: number;
  readonly state: State | undefined;
  /** The event that `db.json` is of; null when it is missing. */
  readonly written: number | null;
  /** Why `db.json` cannot be used. */
  readonly faulty: string | null;
  /** Why the journal cannot be used. */
  readonly damage: string | null;
  /** Why a daemon of this version refuses the state: a later one wrote what only that one may read. */
  readonly newer: AppError | null;
  /** What is wrong with segments that a start does not read, and how many were not looked at. */
  readonly faults: readonly Fault[];
  readonly unchecked: number;
  /** The last event that is known to have been acknowledged. */
  readonly mark: number;
  /** What would be lost by a repair; null when nothing would be, undefined where there is none. */
  readonly loss: string | null | undefined;
  /** What lies in the place of something of ours. */
  readonly inTheWay: readonly InTheWay[];
  /** How the journal ends when it does not end whole. */
  readonly torn: string | null;
  /** Too much lies behind `db.json` to be read in passing. */
  readonly unread: number;
  /** When the last event happened, in milliseconds since 1970. */
  readonly lastEvent: number | null;
  /** A daemon holds the state: it is ahead of the disk by design. */
  readonly held: boolean;
  readonly now: number;
};

const SALVAGE = { fix: { kind: 'salvage-journal' }, label: 'set it aside with' } as const;

/** What keeps a daemon from starting, or its history from being listed. */
const judgeDamage = ({ damage, faults, loss, paths }: StateFacts): Finding[] => {
  const repair = 'drover doctor --fix';
  if (damage !== null) {
    if (loss === undefined) {
      const copy = commandLine('cp', '-a', paths.state, `${paths.state}.before-repair`);
      return [{ ...error('state.damaged', 'journal', shownLine(damage), copy), label: 'first of all' }];
    }
    const price = loss === null ? 'nothing is lost but history' : `${loss} would be lost`;
    const cause = `${shownLine(damage)}; restore it from a backup, or have the damaged part set aside and go on from the last sound state: ${price}`;
    return [{ ...error('state.damaged', 'journal', cause, repair), ...SALVAGE }];
  }
  return faults.map(({ what, from, to }) => {
    const cause = `${shownLine(what)}: ${eventsText(from, to)} cannot be listed; the state itself is whole`;
    return { ...error('state.history', 'journal', cause, repair), ...SALVAGE };
  });
};

/** Acknowledged events that are gone: by what the disk says now, and by what a daemon found at its start. */
const judgeLoss = ({ state, mark, held }: StateFacts): Finding[] => {
  const told = state?.alerts['journal-lost'];
  const alert = told
    ? [{ ...error('state.lost', 'journal', told.text, 'drover alerts clear journal-lost'), label: 'when it is known' }]
    : [];
  if (held || !state || mark <= state.seq) return alert;
  const gone = eventsText(state.seq + 1, mark);
  const cause = `${gone} had been acknowledged and cannot be found: restore ${gone.startsWith('events') ? 'them' : 'it'} from a backup, or go on without`;
  return [...alert, { ...error('state.lost', 'journal', cause, 'drover daemon start'), label: 'go on with' }];
};

/** How much of what was recorded is there: after a loss that is less than the number of the last event. */
const contentText = ({ state, segments, events, since }: StateFacts): string => {
  const last = state?.seq ?? 0;
  const isWhole = events >= last && since === 1;
  const behind = events === 0 ? '' : `, without a gap from event ${since} on`;
  return `${isWhole ? plural(events, 'event') : `${events} of ${plural(last, 'event')}`} in ${plural(segments, 'segment')}${isWhole ? '' : behind}`;
};

const judgeJournal = (facts: StateFacts): Finding[] => {
  const { torn, held, unread, unchecked, segments } = facts;
  const found = [...judgeDamage(facts), ...judgeLoss(facts)];
  if (unread > 0) {
    const cause = `${plural(unread, 'segment')} behind db.json ${unread === 1 ? 'was' : 'were'} not read here; a daemon reads them all`;
    found.push(note('state.unread', 'journal', cause, 'drover daemon start'));
  }
  if (unchecked > 0) {
    const cause = `${unchecked} of ${plural(segments, 'segment')} ${unchecked === 1 ? 'was' : 'were'} not checked in the time there was`;
    found.push(note('state.unchecked', 'journal', cause, 'drover doctor --timeout 1m'));
  }
  if (found.length > 0) return found;
  const whole = ok('state.journal', 'journal', contentText(facts));
  return torn === null || held
    ? [whole]
    : [
        whole,
        note('state.torn', 'journal', `${shownLine(torn)}: it is dropped at the next start`, 'drover daemon start'),
      ];
};

const judgePlaces = ({ inTheWay }: StateFacts): Finding[] =>
  inTheWay.map(({ path, wanted }) => ({
    ...error('state.in-the-way', 'state', `${path} is no ${wanted}`, commandLine('mv', path, `${path}.damaged`)),
    fix: { kind: 'set-aside', path },
  }));

const judgeProjection = ({ faulty, written, state, held, lastEvent, now }: StateFacts): Finding[] => {
  const start = 'drover daemon start';
  if (faulty !== null) return [warning('state.projection', 'db.json', `${shownLine(faulty)}: it is made again`, start)];
  if (state === undefined || state.seq === 0) return [];
  if (written === null) return [note('state.projection', 'db.json', 'is missing and made again', start)];
  const behind = state.seq - written;
  if (behind <= 0) return [];
  if (!held) return [note('state.behind', 'db.json', `is ${behind} events behind; the next start catches up`, start)];
  if (lastEvent === null || now - lastEvent < LATE_MS) return [];
  const cause = `is ${behind} events behind for ${Math.round((now - lastEvent) / 1000)} s: it cannot be written`;
  return [{ ...warning('state.behind', 'db.json', cause, 'drover daemon logs'), label: 'see why with' }];
};

/** A living daemon writes `db.json` once a second. */
const LATE_MS = 15_000;

/** What is to be said about journal and projection. */
export const judgeState = (facts: StateFacts): readonly Finding[] => {
  const { segments, written, faulty, mark, newer } = facts;
  // What looks damaged, or missing, to this version is not.
  if (newer) return [...judgePlaces(facts), findingOf('state.newer', 'state', newer)];
  return segments === 0 && written === null && faulty === null && mark === 0
    ? [...judgePlaces(facts), ok('state.none', 'state', 'nothing was recorded here yet')]
    : [
        ...judgePlaces(facts),
        ...judgeJournal(facts),
        ...judgeProjection(facts),
        ...judgeClock(facts.now, facts.lastEvent),
      ];
};

/** More than so many segments behind `db.json` take longer than anybody waits here. */
const MOST_SEGMENTS = 6;

const lastTime = (last: Exclude<Awaited<ReturnType<typeof replay>>, string>['last']): number | null => {
  const json = last?.lines.at(-1)?.json.toString();
  if (json === undefined) return null;
  const at = Date.parse((JSON.parse(json) as { at?: string }).at ?? '');
  return Number.isNaN(at) ? null : at;
};

type Read = Pick<StateFacts, 'state' | 'damage' | 'torn' | 'unread' | 'lastEvent'>;

const NOTHING: Read = { state: undefined, damage: null, torn: null, unread: 0, lastEvent: null };

/** What the journal says from a starting point on; a text when that point is none of this journal's. */
const readJournal = async (
  refs: readonly SegmentRef[],
  from: { readonly state: State; readonly crc: number },
): Promise<Read | string> => {
  const needed = segmentsAfter(refs, from.state.seq).length;
  if (needed > MOST_SEGMENTS) return { ...NOTHING, unread: needed };
  try {
    const read = await replay(refs, from);
    if (typeof read === 'string') return read;
    return { ...NOTHING, state: read.state, torn: read.last?.torn ?? null, lastEvent: lastTime(read.last) };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ...NOTHING, damage: thrown.message };
  }
};

/** Looks at all segments, those that no start reads as well, as long as there is time. */
const readFaults = async (
  paths: Paths,
  until: number,
): Promise<Pick<StateFacts, 'faults' | 'unchecked' | 'events' | 'since'>> => {
  const faults: Fault[] = [];
  let left = (await listSegments(paths.journal).catch(() => [])).length;
  let [events, since, end] = [0, 1, 0];
  if (left === 0) return { faults, unchecked: 0, events, since };
  for await (const { ref, sound, fault } of checkJournal(paths.journal)) {
    left -= 1;
    if (fault) faults.push(fault);
    if (ref.first !== end + 1) since = ref.first;
    end = sound?.end.seq ?? 0;
    events += sound?.lines.length ?? 0;
    if (performance.now() > until) break;
  }
  return { faults, unchecked: Math.max(0, left), events, since };
};

const kindAt = async (path: string): Promise<'folder' | 'file' | undefined> => {
  const found = await lstat(path).catch(() => null);
  return found ? (found.isDirectory() ? 'folder' : 'file') : undefined;
};

const SQLITE = 'SQLite format 3';

/** Whether a file can be the lock: an empty one, or one of SQLite. */
const canBeLock = async (path: string): Promise<boolean> => {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0);
    return bytesRead === 0 || buffer.toString('latin1') === SQLITE;
  } finally {
    await handle.close();
  }
};

/** What lies where a folder of ours or the lock has to be, and is none. */
const findInTheWay = async ({ journal, spool, logs, instances, lock }: Paths): Promise<InTheWay[]> => {
  const found: InTheWay[] = [];
  for (const path of [journal, spool, logs, instances])
    if ((await kindAt(path)) === 'file') found.push({ path, wanted: 'folder' });
  const kind = await kindAt(lock);
  if (kind === 'folder' || (kind === 'file' && !(await canBeLock(lock)))) found.push({ path: lock, wanted: 'lock' });
  return found;
};

/** A projection, or why there is none that can be used; nothing is done about it. */
const readSound = async (file: string): Promise<Reading> => {
  try {
    return await readProjection(file, realDisk, versionOf());
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { projection: null, why: thrown.message };
  }
};

/** What a later version than ours wrote is no starting point. */
const OURS = { release: versionOf() } as const;

/** What the journal says from the newest state on that is known: of `db.json`, of its backup, or behind the last gap. */
const readFrom = async (paths: Paths, refs: readonly SegmentRef[], reading: Reading) => {
  let faulty = reading.projection ? null : reading.why;
  for (const { projection } of [reading, await readSound(backupOf(paths.projection))]) {
    if (!projection) continue;
    const read = await readJournal(refs, await startOf(paths.journal, projection, OURS).catch(() => projection));
    if (typeof read !== 'string') return { read, faulty };
    // A projection that is none of this journal's is passed over, as a daemon would.
    if (projection === reading.projection) faulty = read;
  }
  const base = await readBase(paths.journal, OURS).catch(() => null);
  const last = await readJournal(refs, base ?? { state: emptyState, crc: 0 });
  return { read: typeof last === 'string' ? { ...NOTHING, damage: last } : last, faulty };
};

/** What a repair would lose; undefined where a later version wrote the files, which an older one does not touch. */
const lossBy = async (paths: Paths): Promise<StateFacts['loss']> => {
  try {
    return lossText(await planSalvage(paths, versionOf())) ?? null;
  } catch (thrown) {
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
};

/** What the disk knows, read without changing anything and without the lock. */
export const readState = async (paths: Paths, now: number, patience = USUAL_PATIENCE_MS): Promise<StateFacts> => {
  const until = performance.now() + patience * PATIENCE_SHARE;
  const refs = await listSegments(paths.journal).catch(() => []);
  const reading = await readSound(paths.projection);
  const holder = await holderIn(paths.lock);
  const { read, faulty } = await readFrom(paths, refs, reading);
  const checked = await readFaults(paths, until);
  const mark = await readMark(paths);
  const loss = read.damage === null ? null : await lossBy(paths);
  return {
    ...{ paths, now, segments: refs.length, held: holder?.alive === true && holder.ours },
    written: faulty === null ? (reading.projection?.seq ?? null) : null,
    faulty,
    ...read,
    ...checked,
    mark,
    newer: await newerState(paths, read.damage === null ? (read.state?.seq ?? mark) : undefined),
    loss,
    inTheWay: await findInTheWay(paths),
  };
};

/** Where the repository is, the journal and its projection. */
export const probeState: Probe = async ({ place, now, patience }) => {
  if (!place) return [];
  const facts = await readState(place, now, patience);
  return [...(await displacedFindings(place, facts.state)), ...judgeState(facts)];
};
