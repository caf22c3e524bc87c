import { instantOf } from '../lib/instant.ts';

/**
 * One life of a daemon, from when it answered to its last heartbeat. A life without an `end` goes on, or ended without a
 * word: killed, or gone with the machine.
 */
export type Life = {
  readonly pid: number;
  readonly version: string;
  /** ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  /** How long it was there and did nothing, because somebody had stopped it or it hung, in milliseconds. */
  readonly silent_ms: number;
  /** How long the machine slept meanwhile. */
  readonly asleep_ms: number;
  /** `ended`: somebody wanted it to; `failed`: by itself, and `why` says the reason. */
  readonly end: 'ended' | 'failed' | null;
  readonly why: string | null;
  /** Something watches over it, systemd for instance. */
  readonly watched?: boolean;
  /** It ended so that whoever watches over it starts the next one. */
  readonly again?: boolean;
  /** When the machine was started, by the clock of the last heartbeat, in milliseconds since 1970: it tells whether that was set. */
  readonly machine_started?: number;
};

const ENDS: readonly unknown[] = ['ended', 'failed', null];

const isLife = (value: unknown): value is Life => {
  if (typeof value !== 'object' || value === null) return false;
  const {
    pid,
    version,
    from,
    to,
    silent_ms,
    asleep_ms,
    end,
    why,
    machine_started = 0,
  } = value as Record<string, unknown>;
  return (
    [pid, silent_ms, asleep_ms, machine_started].every((one) => typeof one === 'number') &&
    [from, to].every((one) => typeof one === 'string' && !Number.isNaN(instantOf(one))) &&
    typeof version === 'string' &&
    ENDS.includes(end) &&
    (why === null || typeof why === 'string')
  );
};

/** The lives that a text has, one a line; what is none, as a power cut leaves it, is passed over. By hand: clients read it. */
export const readLives = (text: string): Life[] =>
  text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isLife(value) ? [value] : [];
    } catch {
      return [];
    }
  });

/** All lives: those that were noted, and the one whose heartbeat lies there, which a daemon that was killed may have noted already. */
export const joinLives = (noted: readonly Life[], last: Life | undefined): readonly Life[] =>
  !last || JSON.stringify(noted.at(-1)) === JSON.stringify(last) ? noted : [...noted, last];

/** What is told of an end without a word. */
const NO_WORD = 'it was killed, or the machine went down';

/** Why a life ended by itself. */
export const reasonOf = ({ why }: Life): string => why ?? NO_WORD;

/**
 * The exit code of a daemon that ends to be started again by whoever watches over it, what sysexits.h calls a failure for now:
 * any system that starts failed programs again does so, and the unit of systemd says it is no failure.
 */
export const START_AGAIN = 75;

/** So long a daemon that ended to be started again is waited for, before somebody else starts one, in milliseconds. */
const AWAITED_MS = 10_000;

/** Whether whoever watched over the last daemon is about to start the next one, at a time in milliseconds since 1970. */
export const isAwaited = ({ end, again, to }: Life, now: number): boolean => {
  const gone = now - instantOf(to);
  // A clock that was set back meanwhile must not keep anybody waiting for longer.
  return end === 'ended' && again === true && gone >= 0 && gone < AWAITED_MS;
};

/** A daemon that lives no longer than this has hardly done anything, in milliseconds. */
const SHORT_MS = 10_000;
/** Lives that ended longer ago have no part in a row. */
const ROW_MS = 300_000;
/** So many short lives in a row are taken for accidents: those that said why they failed, and any. */
const FAILURES = 2;
const DEATHS = 9;
/** The pause before the next start doubles with each further one, up to so many milliseconds. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** A daemon that ends again and again soon after its start is not started before a time. */
export type Brake = { readonly times: number; readonly last: Life; readonly until: number };

/** The brake on the next start at a time, in milliseconds since 1970; undefined where it may start at once. */
export const brakeOf = (lives: readonly Life[], now: number): Brake | undefined => {
  const isShort = ({ from, to, end }: Life): boolean =>
    end !== 'ended' && instantOf(to) - instantOf(from) < SHORT_MS && instantOf(to) > now - ROW_MS;
  const row = lives.slice(lives.findLastIndex((life) => !isShort(life)) + 1);
  const last = row.at(-1);
  if (!last) return undefined;
  const failures = row.filter(({ end }) => end === 'failed').length;
  const beyond = Math.max(failures - FAILURES, row.length - DEATHS);
  if (beyond <= 0) return undefined;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (beyond - 1), LONGEST_PAUSE_MS);
  const until = instantOf(last.to) + pause;
  // A clock that was set back meanwhile must not keep it from starting for longer than the pause.
  return now < until && until - now <= pause ? { times: row.length, last, until } : undefined;
};

/** Lives that ended by themselves at this time or later. */
export const deathsSince = (lives: readonly Life[], since: number): readonly Life[] =>
  lives.filter(({ end, to }) => end !== 'ended' && instantOf(to) >= since);

/** How available the daemon was while it was wanted, in milliseconds. */
export type Availability = {
  readonly since: number;
  readonly until: number;
  /** Between 0 and 100; null where no daemon was wanted. */
  readonly percent: number | null;
  readonly up_ms: number;
  /** Nobody answered: from the last heartbeat of one that ended by itself to the next start, and while one was silent. */
  readonly down_ms: number;
  /** Part of that: it was there and did not answer. */
  readonly silent_ms: number;
  /** Nobody wanted one: after it was ended on purpose, and while the machine slept. */
  readonly unwanted_ms: number;
  /** How often one ended by itself. */
  readonly deaths: number;
  /** The longest time from such an end to the next start. */
  readonly longest_gap_ms: number;
};

type Sums = { up: number; gaps: number; silent: number; unwanted: number; longest: number };

/** Adds one life, as far as it lies between two times, to the sums. */
const addLife = (sums: Sums, life: Life, [since, until]: readonly [number, number]): void => {
  const from = Math.max(since, instantOf(life.from));
  const to = Math.min(until, instantOf(life.to));
  if (to <= from) return;
  // Of a life that began before, nobody knows when it was silent: all of it counts, as far as there is room.
  const asleep = Math.min(life.asleep_ms, to - from);
  const silent = Math.min(life.silent_ms, to - from - asleep);
  sums.unwanted += asleep;
  sums.silent += silent;
  sums.up += to - from - asleep - silent;
};

/** Adds the time after a life, until the next one or the end of what is looked at. */
const addGap = (sums: Sums, life: Life, next: number, [since, until]: readonly [number, number]): void => {
  const from = Math.max(since, instantOf(life.to));
  const gap = Math.min(until, next) - from;
  if (gap <= 0) return;
  if (life.end === 'ended') {
    sums.unwanted += gap;
    return;
  }
  sums.gaps += gap;
  sums.longest = Math.max(sums.longest, gap);
};

/** Reckons from heartbeats how available the daemon was between two times, the last of which is now. */
export const availabilityOf = (lives: readonly Life[], since: number, until: number): Availability => {
  const first = lives[0];
  const span = [first ? Math.max(since, Math.min(instantOf(first.from), until)) : until, until] as const;
  const sums: Sums = { up: 0, gaps: 0, silent: 0, unwanted: 0, longest: 0 };
  for (const [at, life] of lives.entries()) {
    const next = lives[at + 1];
    addLife(sums, life, span);
    addGap(sums, life, next ? instantOf(next.from) : until, span);
  }
  const down = sums.gaps + sums.silent;
  const wanted = sums.up + down;
  return {
    since: span[0],
    until,
    percent: wanted === 0 ? null : (100 * sums.up) / wanted,
    up_ms: sums.up,
    down_ms: down,
    silent_ms: sums.silent,
    unwanted_ms: sums.unwanted,
    // One that goes on has its last heartbeat behind it as well.
    deaths: deathsSince(lives.slice(0, -1), span[0]).length,
    longest_gap_ms: sums.longest,
  };
};
