import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../../client/connection.ts';
import { connectOrStart, tryConnect } from '../../client/start.ts';
import { AppError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';

type Frame = Record<string, unknown>;

type Stay = {
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears, once for each time, that the connection is gone, and why none could be made when it is known. */
  readonly lost?: (why: AppError | undefined) => void;
};

/** How often a daemon that was told to end is looked for, and the first pause after a failed start. */
const LOOK_MS = 250;
const LONGEST_MS = 8000;

/** Works with one connection until it ends; true when the daemon said that it was told to end. */
const during = async (
  connection: Connection,
  signal: AbortSignal,
  join: (connection: Connection) => (frame: Frame) => void,
): Promise<boolean> => {
  let dismissed = false;
  const close = () => connection.close();
  if (signal.aborted) close();
  signal.addEventListener('abort', close, { once: true });
  const take = join(connection);
  connection.onFrame((frame) => {
    if (frame['kind'] === 'bye') dismissed = true;
    take(frame);
  });
  await connection.closed;
  signal.removeEventListener('abort', close);
  return dismissed;
};

/**
 * Stays connected for as long as it takes: a daemon that died is started again, one that was told to end is waited for,
 * for who only looks does not start it. `join` gets each connection and gives what takes its frames. Only when not even
 * the first connection can be made does it fail.
 */
export const overRestarts = async (
  { paths, env, signal, lost }: Stay,
  join: (connection: Connection) => (frame: Frame) => void,
): Promise<void> => {
  let dismissed = false;
  let joined = false;
  let wait = LOOK_MS;
  let told = false;
  const again = async (ms: number): Promise<void> =>
    void (await pause(ms, undefined, { signal }).catch(() => undefined));
  while (!signal.aborted) {
    try {
      const connection = await (dismissed ? tryConnect(paths) : connectOrStart(paths, env));
      if (!connection) {
        await again(LOOK_MS);
        continue;
      }
      joined = true;
      told = false;
      wait = LOOK_MS;
      dismissed = await during(connection, signal, join);
      if (!signal.aborted) lost?.(undefined);
    } catch (error) {
      if (!joined || !(error instanceof AppError)) throw error;
      if (!told) lost?.(error);
      told = true;
      await again(wait);
      wait = Math.min(wait * 2, LONGEST_MS);
    }
  }
};
