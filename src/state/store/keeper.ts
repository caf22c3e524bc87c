import type { Low } from 'lowdb';
import { inWords } from './errors.ts';
import { PROJECTION_VERSION } from './migrate.ts';
import type { Projection } from './projection.ts';
import type { Tip } from './recover.ts';

export type Keeper = {
  /** Something became durable: the file follows soon. */
  changed(): void;
  /** Writes now unless the file is up to date; resolves when that is done, also when it failed. */
  write(): Promise<void>;
  /** Writes now in any case, also where the file was removed or changed by somebody else. */
  rewrite(): Promise<void>;
  /** Writes for the last time. */
  close(): Promise<void>;
  /** Why the file is behind, in words; null when the last write succeeded. */
  readonly trouble: string | null;
};

// A large state takes long to write: it may cost this share of the time at most, and is never older than this.
const SHARE = 1 / 20;
const LONGEST_MS = 10_000;

/**
 * Writes the projection behind the state. The journal is the truth, so a failure here stops nothing: it is told as
 * `trouble` and the next change tries again.
 */
export const makeKeeper = (
  database: Low<Projection>,
  from: { readonly tip: () => Tip; readonly now: () => string; readonly isOurs: () => boolean },
  options: { every: number; written: number | null; release?: string | undefined },
): Keeper => {
  let written = options.written;
  let pause = options.every;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;
  let trouble: string | null = null;

  const once = async (): Promise<void> => {
    const { state, crc } = from.tip();
    // Where another one may write by now, the file is its own.
    if (state.seq === written || !from.isOurs()) return;
    const started = performance.now();
    try {
      const { release } = options;
      database.data = { version: PROJECTION_VERSION, release, seq: state.seq, crc, written_at: from.now(), state };
      await database.write();
      written = state.seq;
      trouble = null;
    } catch (error) {
      trouble = inWords(error).cause;
    }
    pause = Math.max(options.every, Math.min(LONGEST_MS, (performance.now() - started) / SHARE));
  };

  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    while (running) await running;
    running = once();
    await running;
    running = undefined;
  };

  const changed = () => {
    if (closed || timer) return;
    timer = setTimeout(
      () => void write().then(() => (from.tip().state.seq === written || !from.isOurs() ? undefined : changed())),
      pause,
    );
    timer.unref();
  };

  return {
    changed,
    write,
    rewrite: () => {
      written = null;
      return write();
    },
    close: () => {
      closed = true;
      return write();
    },
    get trouble() {
      return trouble;
    },
  };
};
