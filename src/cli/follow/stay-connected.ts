import { once } from 'node:events';
import type { Connection } from '../../client/connection.ts';
import type { DaemonFrame } from '../../client/daemon-frame.ts';
import { openLastingConnection } from '../../client/lasting-connection.ts';
import type { AppError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';

type Stay = {
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears, once for each time, that the connection is gone, and why none could be made when that is known. */
  readonly lost?: (why: AppError | undefined) => void;
  /** Hears since when the daemon that is there answers nothing, and null when it does again. */
  readonly silent: (since: number | null) => void;
};

/**
 * Stays connected to the daemon until the signal, over its restarts. `join` gets each connection and gives what takes
 * its frames. Rejects only when not even the first connection can be made.
 */
export const stayConnected = async (
  { paths, env, signal, lost, silent }: Stay,
  join: (connection: Connection) => (frame: DaemonFrame) => void,
): Promise<void> => {
  if (signal.aborted) return;
  let isTold = false;
  const lasting = openLastingConnection(
    { paths, env },
    {
      joined: (connection) => {
        isTold = false;
        return join(connection);
      },
      lost: () => {
        if (!signal.aborted) lost?.(undefined);
      },
      silent,
      failed: (why) => {
        if (!isTold) lost?.(why);
        isTold = true;
      },
    },
  );
  try {
    await lasting.connect();
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    lasting.close();
  }
};
