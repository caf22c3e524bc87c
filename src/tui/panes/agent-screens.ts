import type { Terminal } from '@xterm/headless';
import type { TuiOptions } from '../app/options.ts';
import { makeEmulator } from './emulator.ts';

/** The terminals of the instances that are on the screen, kept up to date from their logs. */
export type AgentScreens = {
  /** Follows these instances and no others. */
  follow(ids: readonly string[]): void;
  /** The instance's terminal as it is; undefined before its first byte is known. */
  get(id: string): Terminal | undefined;
  close(): void;
};

type Events = {
  /** The instance has a new terminal, maybe of another size. */
  readonly onReset: (id: string) => void;
  /** Something on the screen of the instance changed. */
  readonly onData: (id: string) => void;
};

/**
 * How many bytes may wait for an emulator before the log has to wait, and at how few the log goes on. Far above them
 * the emulator throws.
 */
const FULL = 4 * 1024 * 1024;
const LOW = 1024 * 1024;
/** How long a log that could not be read is left alone, in milliseconds. */
const RETRY_MS = 1000;

/** Writes into an emulator, and resolves when it is ready for more. */
const makeFeed = (terminal: Terminal, onData: () => void) => {
  let pending = 0;
  let full: PromiseWithResolvers<void> | null = null;
  const resume = (): void => {
    full?.resolve();
    full = null;
  };
  return {
    terminal,
    write: (data: string | Uint8Array): void | Promise<void> => {
      pending += data.length;
      terminal.write(data, () => {
        pending -= data.length;
        if (pending <= LOW) resume();
        onData();
      });
      if (pending <= FULL) return undefined;
      full ??= Promise.withResolvers<void>();
      return full.promise;
    },
    close: (): void => {
      terminal.dispose();
      resume();
    },
  };
};

type Screen = {
  feed: ReturnType<typeof makeFeed> | undefined;
  close: () => void;
  readonly since: number;
  /** Set when its log cannot be read on. */
  broken: boolean;
};

export const openAgentScreens = (
  follow: TuiOptions['follow'],
  { onReset, onData }: Events,
  now: () => number = () => performance.now(),
): AgentScreens => {
  const followed = new Map<string, Screen>();

  let closed = false;

  const start = (id: string): void => {
    const screen: Screen = { feed: undefined, close: () => undefined, since: now(), broken: false };
    followed.set(id, screen);
    const alive = (): boolean => followed.get(id) === screen;
    const reader = follow(id, {
      // A new terminal instead of a reset one: the old one still has bytes to read, which must not end up in the new.
      reset: ({ cols, rows, text }) => {
        if (!alive()) return;
        screen.feed?.close();
        screen.feed = makeFeed(makeEmulator({ cols, rows }), () => onData(id));
        void screen.feed.write(text);
        onReset(id);
      },
      data: (bytes) => (alive() ? screen.feed?.write(bytes) : undefined),
    });
    void reader.ended?.then((error) => {
      screen.broken = error !== null;
    });
    screen.close = () => {
      reader.close();
      screen.feed?.close();
    };
  };
  const stop = (id: string): void => {
    const screen = followed.get(id);
    followed.delete(id);
    screen?.close();
  };

  return {
    follow: (ids) => {
      if (closed) return;
      for (const [id, { broken, since }] of [...followed])
        if (!ids.includes(id) || (broken && now() - since >= RETRY_MS)) stop(id);
      for (const id of ids) if (!followed.has(id)) start(id);
    },
    get: (id) => followed.get(id)?.feed?.terminal,
    close: () => {
      closed = true;
      for (const id of [...followed.keys()]) stop(id);
    },
  };
};
