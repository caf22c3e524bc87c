import { closeSync, constants, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { messageOf } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { deathsSince, joinLives, type Life, readLives, reasonOf } from '../../state/lives.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { CLOCKS, type Moment, startedBy } from './clocks.ts';
import { repeatRounds, type Service } from './service.ts';

/** How often the heart beats, in milliseconds. */
const BEAT_MS = 1000;
/** After so long without a beat the daemon was silent: somebody had stopped it, or it hung. */
const SILENT_MS = 5000;
/** So many lives are remembered, and at most twice as many kept until they are counted again at a start. */
const MOST_LIVES = 1000;
/** Room for a life in the file of the heartbeat, in bytes: each beat is written over the one before. */
const ROOM = 1024;
const LONGEST_REASON = 300;

/** That many ends by themselves within so many milliseconds are an alert. */
const ALARMING = 3;
const ALARM_MS = 600_000;
const ALERT = 'daemon-ends';

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The first daemon of a repository finds none.
    return '';
  }
};

export type Heart = Service & {
  /** The lives of all daemons of this repository that are remembered; the last one goes on. */
  lives(): readonly Life[];
  /** Writes down how it ends, at once: there may be no later; `again` where the next one is to be started by who watches. */
  end(how: 'ended' | 'failed', why?: string, again?: boolean): void;
  /** Writes down the error by which it ends, and throws it. */
  fail(error: unknown): never;
};

type Place = Pick<Paths, 'lives' | 'heartbeat'>;

/** When the machine was started by the clock of the last heartbeat, in milliseconds since 1970; undefined where that is not known. */
export const startedByLast = ({ heartbeat }: Pick<Paths, 'heartbeat'>): number | undefined =>
  readLives(textOf(heartbeat))[0]?.machine_started;

/** The lives before this one; the one whose heartbeat lies there joins the others. */
const takeOver = ({ lives, heartbeat }: Place): readonly Life[] => {
  const known = readLives(textOf(lives));
  const [last] = readLives(textOf(heartbeat));
  const all = joinLives(known, last);
  if (!last || all.length === known.length) return known;
  const isMany = all.length > 2 * MOST_LIVES;
  const kept = isMany ? all.slice(-MOST_LIVES) : [last];
  const lines = kept.map((life) => `${JSON.stringify(life)}\n`).join('');
  writeFileSync(lives, lines, { mode: 0o600, flag: isMany ? 'w' : 'a' });
  return all;
};

/** The next state of a life after a beat: what lies between two beats says whether it was silent, or the machine slept. */
export const beaten = (life: Life, before: Moment, now: Moment): Life => {
  const steady = now.steady - before.steady;
  const slept = now.wall - before.wall - steady;
  return {
    ...life,
    to: new Date(now.wall).toISOString(),
    silent_ms: life.silent_ms + (steady > SILENT_MS ? Math.round(steady - BEAT_MS) : 0),
    asleep_ms: life.asleep_ms + (slept > SILENT_MS ? Math.round(slept) : 0),
    machine_started: startedBy(now),
  };
};

/** The facts when daemons end by themselves again and again, and when that is over. */
export const deathFacts = (state: State, lives: readonly Life[], now: number): EventDraft[] => {
  // A clock that was set back meanwhile must not keep the alert for longer.
  const deaths = deathsSince(lives, now - ALARM_MS).filter(({ to }) => Date.parse(to) <= now + ALARM_MS);
  const last = deaths.at(-1);
  if (deaths.length < ALARMING || !last)
    return clearAlertFacts(state, ALERT, `it has gone on for ${ALARM_MS / 60_000} minutes`);
  // It is told, and needs nobody: it has been started again each time.
  const text = `The daemon ended by itself ${deaths.length} times within ${ALARM_MS / 60_000} minutes, last at ${last.to}: ${reasonOf(last)}`;
  if (state.alerts[ALERT]?.text === text) return [];
  const data = {
    id: ALERT,
    severity: 'warning',
    text,
    suggestion: 'report availability',
    instance: null,
    task: null,
  } as const;
  return [{ type: 'alert.raised', data }];
};

type HeartServices = Pick<DaemonServices, 'store' | 'decide' | 'log' | 'signal'> & { readonly paths: Place };

/**
 * Beats once a second into a file of one line, for the next daemon, for who starts it, and for the report of how available
 * it was. It is not synced: a beat that a power cut takes makes a life look shorter by seconds.
 */
export const openHeart = (
  { paths, store, decide, log, signal }: HeartServices,
  { version, watched = false }: { readonly version: string; readonly watched?: boolean },
  clocks = CLOCKS,
): Heart => {
  const past = takeOver(paths);
  let beat = clocks();
  const born = new Date(beat.wall).toISOString();
  let life: Life = {
    ...{ pid: process.pid, version, from: born, to: born },
    ...{ silent_ms: 0, asleep_ms: 0, end: null, why: null, machine_started: startedBy(beat) },
    ...(watched && { watched }),
  };
  const write = (): void => {
    // Neither cut nor appended to: whoever reads meanwhile finds the beat before, or this one.
    const file = openSync(paths.heartbeat, constants.O_WRONLY | constants.O_CREAT, 0o600);
    try {
      writeSync(file, `${JSON.stringify(life).padEnd(ROOM)}\n`, 0);
    } finally {
      closeSync(file);
    }
  };
  const goOn = (): void => {
    const now = clocks();
    life = beaten(life, beat, now);
    beat = now;
  };
  // It is there before anybody can connect: who connects finds here whom they talk to.
  write();
  const service = repeatRounds(
    {
      name: 'heart',
      capabilities: ['know how available the daemon is', 'tell when daemons end by themselves again and again'],
      complaint: 'noting a heartbeat failed',
      everyMs: BEAT_MS,
      log,
      signal,
    },
    async () => {
      if (life.end !== null) return;
      goOn();
      write();
      const facts = (state: State): EventDraft[] => deathFacts(state, past, beat.wall);
      if (facts(store.state).length > 0) await decide(facts);
    },
  );
  const end: Heart['end'] = (how, why, again = false) => {
    if (life.end !== null) return;
    goOn();
    const reason = why === undefined ? null : shorten(oneLine(why), LONGEST_REASON);
    life = { ...life, end: how, why: reason, ...(again && { again }) };
    try {
      write();
    } catch (error) {
      log(`how the daemon ended could not be noted: ${messageOf(error)}`);
    }
  };
  return {
    ...service,
    end,
    fail: (error) => {
      end('failed', messageOf(error));
      throw error;
    },
    lives: () => {
      if (life.end === null) goOn();
      return [...past, life];
    },
  };
};
