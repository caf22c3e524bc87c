import { AppError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { oneLine } from '../../lib/text.ts';
import { emptyState, type State } from '../../state/index.ts';
import { readProjection } from '../../state/store/projection.ts';
import { replay } from '../../state/store/recover.ts';
import { listSegments, type SegmentRef, segmentsAfter } from '../../state/store/segment.ts';
import { holderIn } from './daemon.ts';
import type { Probe } from './examination.ts';
import { commandLine, error, type Finding, note, ok, warning } from './finding.ts';
import { judgeClock } from './system.ts';

/** What the disk knows of the swarm. `state` is undefined where nobody can tell what it is. */
export type StateFacts = {
  readonly paths: Pick<Paths, 'state' | 'projection'>;
  /** How many segments the journal has. */
  readonly segments: number;
  readonly state: State | undefined;
  /** The event that `db.json` is of; null when it is missing. */
  readonly written: number | null;
  /** Why `db.json` cannot be used. */
  readonly faulty: string | null;
  /** Why the journal cannot be used. */
  readonly damage: string | null;
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

const judgeJournal = (facts: StateFacts): Finding[] => {
  const { damage, torn, held, paths, unread, state, segments } = facts;
  if (damage !== null) {
    const repair = commandLine('cp', '-a', paths.state, `${paths.state}.before-repair`);
    const cause = `${oneLine(damage)}; restore it from a backup, or cut it there`;
    return [{ ...error('state.damaged', 'journal', cause, repair), label: 'first of all' }];
  }
  if (unread > 0) {
    const cause = `${unread} segments behind db.json were not read here; a daemon reads them all`;
    return [note('state.unread', 'journal', cause, 'drover daemon start')];
  }
  const whole = ok('state.journal', 'journal', `${state?.seq ?? 0} events in ${segments} segments`);
  return torn === null || held
    ? [whole]
    : [whole, note('state.torn', 'journal', `${oneLine(torn)} at the next start`, 'drover daemon start')];
};

const judgeProjection = ({ faulty, written, state, held, lastEvent, now }: StateFacts): Finding[] => {
  const start = 'drover daemon start';
  if (faulty !== null) return [warning('state.projection', 'db.json', `${oneLine(faulty)}: it is made again`, start)];
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
export const judgeState = (facts: StateFacts): readonly Finding[] =>
  facts.segments === 0 && facts.written === null && facts.faulty === null
    ? [ok('state.none', 'state', 'nothing was recorded here yet')]
    : [...judgeJournal(facts), ...judgeProjection(facts), ...judgeClock(facts.now, facts.lastEvent)];

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

/** What the disk knows, read without changing anything and without the lock. */
export const readState = async (paths: Paths, now: number): Promise<StateFacts> => {
  const refs = await listSegments(paths.journal).catch(() => []);
  const reading = await readProjection(paths.projection).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError)) throw thrown;
    return { projection: null, why: thrown.message };
  });
  const { projection } = reading;
  const holder = await holderIn(paths.lock);
  const start = { state: emptyState, crc: 0 };
  const first = await readJournal(refs, projection ?? start);
  // A projection that is none of this journal's is made again from the journal, as a daemon would.
  const second = typeof first === 'string' ? await readJournal(refs, start) : first;
  return {
    ...{ paths, now, segments: refs.length, held: holder?.alive === true && holder.ours },
    written: typeof first === 'string' ? null : (projection?.seq ?? null),
    faulty: typeof first === 'string' ? first : 'why' in reading ? reading.why : null,
    ...(typeof second === 'string' ? { ...NOTHING, damage: second } : second),
  };
};

/** The journal and its projection. */
export const probeState: Probe = async ({ place, now }) => (place ? judgeState(await readState(place, now)) : []);
