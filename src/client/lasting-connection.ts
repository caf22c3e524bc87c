import { setTimeout as pause } from 'node:timers/promises';
import { AppError, messageOf } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import type { Connection } from './connection.ts';
import { connectCurrent, type Tell } from './current.ts';
import { type DaemonFrame, isDismissal } from './daemon-frame.ts';
import { endsAgain, noDaemon } from './errors.ts';
import { tryConnect } from './start.ts';
import { watchSilence } from './watch-silence.ts';

/** How often a daemon is looked for that nobody may start, because it was told to end or ended too often. */
const LOOK_MS = 250;
/**
 * The pause after a start that failed or a connection that did not last, in milliseconds; it doubles, because each start
 * costs a process, and who lets go of us at once would do so again.
 */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 8000;
/** A connection that was there for so long, in milliseconds, has lasted: who is killed now and then is found again at once. */
const LASTS_MS = 1000;

type Events = {
  /** Gets each connection, and gives what takes the frames of it. */
  joined(connection: Connection): (frame: DaemonFrame) => void;
  /** The daemon answers nothing since then, in milliseconds since 1970; null when it does again. Asked only for who hears it. */
  silent?(since: number | null): void;
  /** The connection is gone; `dismissed` when somebody had wanted it to end. */
  lost(dismissed: boolean): void;
  /** No daemon could be started, or the one that is there was of no use. */
  failed(why: AppError): void;
};

type LastingConnection = {
  /** The connection, while there is one. */
  readonly connection: Connection | undefined;
  /** Connects, once however many ask for it, and starts a daemon for it even after a goodbye; rejects when it cannot. */
  connect(): Promise<void>;
  close(): void;
};

const asFailure = (error: unknown): AppError =>
  error instanceof AppError ? error : noDaemon({ why: messageOf(error) }, error);

/** The pauses between two looks for a daemon, longer each time where one is started for it, until a connection lasted. */
const makePauses = () => {
  let next = FIRST_PAUSE_MS;
  return {
    next: (isStarted: boolean): number => {
      if (!isStarted) return LOOK_MS;
      const ms = next;
      next = Math.min(2 * next, LONGEST_PAUSE_MS);
      return ms;
    },
    beginAnew: (): void => {
      next = FIRST_PAUSE_MS;
    },
  };
};

/**
 * Stays connected once it was connected: a daemon that died, or could not record anything any more, is started again; one
 * that said goodbye, because somebody wanted it to end, is waited for.
 */
export const openLastingConnection = (
  { paths, env, tell }: { readonly paths: Paths; readonly env: NodeJS.ProcessEnv; readonly tell?: Tell },
  events: Events,
): LastingConnection => {
  const closing = new AbortController();
  let connection: Connection | undefined;
  let connecting: Promise<void> | undefined;
  let isFinding = false;
  let isDismissed = false;
  const pauses = makePauses();

  /** How long the next look waits after a connection that began then. */
  const pauseAfter = (since: number): number => {
    if (performance.now() - since < LASTS_MS) return pauses.next(!isDismissed);
    pauses.beginAnew();
    return 0;
  };
  const join = (next: Connection): void => {
    if (closing.signal.aborted || connection) {
      next.close();
      return;
    }
    connection = next;
    isDismissed = false;
    const since = performance.now();
    const take = events.joined(next);
    const hear = events.silent && watchSilence(next, events.silent);
    next.onFrame((frame) => {
      hear?.();
      // It says that somebody is there, and nothing else.
      if (frame.kind === 'pong') return;
      isDismissed ||= isDismissal(frame);
      take(frame);
    });
    void next.closed.then((failure) => {
      connection = undefined;
      events.lost(isDismissed);
      if (failure) events.failed(failure);
      // What was of no use may still be there: it is not asked again at once.
      findNext(failure ? LONGEST_PAUSE_MS : pauseAfter(since));
    });
  };
  const connect = (): Promise<void> => {
    connecting ??= connectCurrent(paths, env, { tell })
      .then(join)
      .finally(() => {
        connecting = undefined;
      });
    return connecting;
  };
  const look = async (): Promise<void> => {
    if (!isDismissed) return connect();
    const found = await tryConnect(paths);
    if (found) join(found);
  };
  const wait = async (ms: number): Promise<void> =>
    void (await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined));
  const find = async (firstWait: number): Promise<void> => {
    if (firstWait > 0) await wait(firstWait);
    while (!closing.signal.aborted && !connection) {
      const why = await look().then(() => undefined, asFailure);
      if (why) events.failed(why);
      if (!connection) await wait(pauses.next(!isDismissed && !endsAgain.matches(why)));
    }
  };
  const findNext = (firstWait: number): void => {
    if (isFinding) return;
    isFinding = true;
    void find(firstWait).finally(() => {
      isFinding = false;
    });
  };
  return {
    get connection() {
      return connection;
    },
    connect,
    close: () => {
      closing.abort();
      connection?.close();
    },
  };
};
