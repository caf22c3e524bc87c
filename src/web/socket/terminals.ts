import type { ServerFrame } from '../wire.ts';
import type { FollowLog } from '../swarm/served-repository.ts';

/** So many terminals one page follows at most: more than anybody has agents. */
const MOST = 128;
/** A page that has not read so much, in bytes, gets no more; at so few left it begins anew with the screen as it is then. */
const FULL = 1024 * 1024;
const LOW = 64 * 1024;

/** How frames get to one page. */
export type PageLine = {
  send(frame: ServerFrame): void;
  /** Bytes that the page has not read yet. */
  readonly waitingBytes: number;
  /** Calls once when no more than so many bytes wait any more. */
  whenBelow(bytes: number, call: () => void): void;
};

/** The terminals that a page looks at. */
export type Terminals = {
  follow(instance: string): void;
  leave(instance: string): void;
  close(): void;
};

/** What one terminal prints, as text: a character may come in two pieces. */
const makeStream = (instance: string, line: PageLine) => {
  let decoder = new TextDecoder();
  let offset = 0;
  return {
    reset: ({ cols, rows, text }: { cols: number; rows: number; text: string }): void => {
      decoder = new TextDecoder();
      offset = 0;
      line.send({ kind: 'screen', instance, cols, rows, text });
    },
    data: (bytes: Uint8Array): void => {
      offset += bytes.length;
      const data = decoder.decode(bytes, { stream: true });
      if (data !== '') line.send({ kind: 'log', instance, offset, data });
    },
  };
};

/**
 * Sends a page what the terminals print that it looks at. Nothing is kept for a page that reads too slowly: it misses what
 * was printed meanwhile, and gets the screen as it is when it can take something again.
 */
export const openTerminals = (follow: FollowLog, line: PageLine): Terminals => {
  const followed = new Map<string, () => void>();
  /** Those that begin anew when the page has read what waits. */
  const due = new Set<string>();

  const beginLater = (instance: string): void => {
    const isFirst = due.size === 0;
    due.add(instance);
    if (isFirst) line.whenBelow(LOW, beginDue);
  };
  const beginDue = (): void => {
    const all = [...due];
    due.clear();
    for (const instance of all) if (followed.has(instance)) begin(instance);
  };
  const begin = (instance: string): void => {
    const stream = makeStream(instance, line);
    let isLeft = false;
    let reader: ReturnType<FollowLog> | undefined;
    const leave = (): void => {
      isLeft = true;
      reader?.close();
    };
    const slowDown = (): void => {
      leave();
      if (followed.get(instance) === leave) beginLater(instance);
    };
    followed.set(instance, leave);
    // A screen is long: who asks for one after the other and reads none would fill our memory.
    if (line.waitingBytes > FULL) {
      slowDown();
      return;
    }
    reader = follow(instance, {
      reset: (screen) => {
        if (isLeft) return;
        if (line.waitingBytes > FULL) return slowDown();
        stream.reset(screen);
      },
      data: (bytes) => {
        if (isLeft) return;
        if (line.waitingBytes > FULL) return slowDown();
        stream.data(bytes);
      },
    });
    void reader.ended.then((error) => {
      if (isLeft || followed.get(instance) !== leave) return;
      followed.delete(instance);
      const message = error instanceof Error ? error.message : 'It is read no more.';
      line.send({ kind: 'log-ended', instance, message });
    });
  };
  const leave = (instance: string): void => {
    followed.get(instance)?.();
    followed.delete(instance);
  };
  return {
    follow: (instance) => {
      leave(instance);
      if (followed.size >= MOST)
        line.send({ kind: 'refused', instance, message: `No more than ${MOST} terminals are followed at a time.` });
      else begin(instance);
    },
    leave,
    close: () => {
      for (const instance of [...followed.keys()]) leave(instance);
    },
  };
};
