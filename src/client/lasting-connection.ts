import { setTimeout as pause } from 'node:timers/promises';
import { AppError, messageOf } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import type { Connection } from './connection.ts';
import { connectCurrent, type Tell } from './current.ts';
import { type DaemonFrame, isDismissal } from './daemon-frame.ts';
import { endsAgain, noDaemon } from './errors.ts';
import { LONGEST_PAUSE_MS, makePauses } from './pauses.ts';
import { tryConnect } from './start.ts';
import { watchSilence } from './watch-silence.ts';

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
      findNext(failure ? LONGEST_PAUSE_MS : pauses.after(performance.now() - since, !isDismissed));
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
