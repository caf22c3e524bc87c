import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { Random } from '../../state/store/simulation/random.ts';

type Builtin = Record<string, unknown>;

const builtin = createRequire(import.meta.url);
const timers = builtin('node:timers/promises') as Builtin;
const crypto = builtin('node:crypto') as Builtin;
const turn = globalThis.setImmediate;

/** When every simulation begins, in milliseconds since 1970. */
const BEGIN = Date.parse('2026-01-01T00:00:00.000Z');

type Alarm = { readonly at: number; readonly order: number; readonly ring: () => void; readonly isOfDaemon: boolean };

/** The clock of a simulated world: it stands still while anything is at work, and jumps to the next alarm then. */
export type VirtualTime = {
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Rings for the world: also where the daemon dies meanwhile. */
  readonly after: (ms: number, ring: () => void) => void;
  readonly pause: (ms: number) => Promise<void>;
  /** Forgets what a daemon that died has waited for. */
  readonly forgetDaemon: () => void;
  /** Resolves when nothing goes on that does not wait for the clock. */
  readonly settle: () => Promise<void>;
  /** Goes on from alarm to alarm, until it is over or so many milliseconds have passed; `look` is asked after each. */
  readonly go: (isOver: () => boolean, ms: number, look: () => void) => Promise<void>;
};

/** Resolves when nothing goes on any more that does not wait for the clock: no call of the simulated world takes real time. */
const settled = (): Promise<void> => new Promise((resolve) => void turn(resolve));

const openTime = () => {
  let now = BEGIN;
  let count = 0;
  let alarms: Alarm[] = [];
  const add = (ms: number, ring: () => void, isOfDaemon: boolean): Alarm => {
    count += 1;
    const alarm = { at: now + Math.max(0, Number.isFinite(ms) ? ms : 0), order: count, ring, isOfDaemon };
    alarms.push(alarm);
    return alarm;
  };
  const remove = (alarm: Alarm | undefined): void => {
    const at = alarm ? alarms.indexOf(alarm) : -1;
    if (at >= 0) alarms.splice(at, 1);
  };
  const next = (): Alarm | undefined => {
    let first = alarms[0];
    for (const one of alarms) if (one.at < first!.at || (one.at === first!.at && one.order < first!.order)) first = one;
    return first;
  };
  const time: VirtualTime = {
    now: () => now,
    after: (ms, ring) => void add(ms, ring, false),
    pause: (ms) => new Promise((resolve) => void add(ms, resolve, false)),
    settle: settled,
    forgetDaemon: () => {
      alarms = alarms.filter(({ isOfDaemon }) => !isOfDaemon);
    },
    go: async (isOver, ms, look) => {
      const end = now + ms;
      for (;;) {
        await settled();
        look();
        const alarm = next();
        if (isOver() || !alarm || alarm.at > end) return;
        remove(alarm);
        now = Math.max(now, alarm.at);
        alarm.ring();
      }
    },
  };
  return { time, add, remove };
};

/** What the daemon finds in the place of a timer. */
class Timer {
  readonly #remove: () => void;
  constructor(remove: () => void) {
    this.#remove = remove;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  close(): void {
    this.#remove();
  }
}

type Waiting = { readonly signal?: AbortSignal };

/** Everything by which the code of the daemon asks for the time, or for a number that nobody can foresee. */
const replacements = (world: ReturnType<typeof openTime>, random: Random) => {
  const { time, add, remove } = world;
  const hex = (bytes: number): string =>
    Array.from({ length: bytes }, () => random.below(256).toString(16).padStart(2, '0')).join('');
  const setTimeout = (ring: () => void, ms = 0): Timer => {
    const alarm = add(ms, ring, true);
    return new Timer(() => remove(alarm));
  };
  const pause = (ms: number, value?: unknown, { signal }: Waiting = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const alarm = add(ms, () => resolve(value), true);
      const give = (): void => {
        remove(alarm);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', give, { once: true });
    });
  const timeout = (ms: number): AbortSignal => {
    const stop = new AbortController();
    add(ms, () => stop.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), true);
    return stop.signal;
  };
  return [
    [globalThis, { setTimeout, clearTimeout: (timer?: Timer) => timer?.close() }],
    [timers, { setTimeout: pause }],
    [Date, { now: time.now }],
    [performance, { now: () => time.now() - BEGIN }],
    [AbortSignal, { timeout }],
    [
      crypto,
      {
        randomUUID: () => `${hex(4)}-${hex(2)}-${hex(2)}-${hex(2)}-${hex(6)}`,
        randomBytes: (size: number) => Buffer.from(hex(size), 'hex'),
      },
    ],
  ] as const;
};

/**
 * Does something in a world whose clock and whose random numbers follow from a seed. The code of the daemon takes them from
 * Node itself, so for that while they are others for the whole process: nothing else may go on in it.
 */
export const inVirtualTime = async <T>(random: Random, work: (time: VirtualTime) => Promise<T>): Promise<T> => {
  const world = openTime();
  const before: [object, Builtin][] = [];
  for (const [place, parts] of replacements(world, random)) {
    const known = place as unknown as Builtin;
    before.push([place, Object.fromEntries(Object.keys(parts).map((name) => [name, known[name]]))]);
    Object.assign(place, parts);
  }
  syncBuiltinESMExports();
  try {
    return await work(world.time);
  } finally {
    for (const [place, parts] of before) Object.assign(place, parts);
    syncBuiltinESMExports();
  }
};
