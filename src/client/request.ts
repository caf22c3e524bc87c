import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Paths } from '../lib/paths.ts';
import { LONGEST_REQUEST } from '../link/stream-link.ts';
import type { Reply } from '../ports/swarm.ts';
import type { NoteFrame, RunFrame } from '../protocol/frame.ts';
import { type Connection, whenAnswered } from './connection.ts';
import { connectCurrent, type Tell } from './current.ts';
import { answerLostBy, dismissed, lostAnswer, tooLong } from './errors.ts';
import { daemonGone } from './gone.ts';
import { isBeingStarted } from './start-claim.ts';
import { tryConnect } from './start.ts';

export type Ask = Pick<RunFrame, 'actor' | 'view'> &
  Partial<Pick<RunFrame, 'text' | 'argv' | 'yes' | 'confirm' | 'token' | 'cwd' | 'input' | 'said_at'>>;

/**
 * Sends one request over a connection; undefined when the connection was lost before the answer came. Rejects when the
 * two sides do not understand each other.
 */
export const askOver = async (connection: Connection, frame: RunFrame | NoteFrame): Promise<Reply | undefined> =>
  (await whenAnswered(connection, frame)).reply;

/** Closes the connection when the signal says so; gives the way to close it now. */
export const closeAt = (connection: Connection, signal: AbortSignal | undefined): (() => void) => {
  const close = (): void => {
    signal?.removeEventListener('abort', close);
    connection.close();
  };
  signal?.addEventListener('abort', close);
  if (signal?.aborted) close();
  return close;
};

/**
 * Whether the daemon hears what is said: it answers this at once, however long it works on something else. One of another
 * version, which does not know the word, hears as well. Resolves only when somebody has answered, nobody listens, or the
 * signal ends it.
 */
export const isHeard = async (paths: Paths, signal: AbortSignal): Promise<boolean> => {
  const connection = await tryConnect(paths);
  if (!connection) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = closeAt(connection, signal);
  connection.onFrame(() => resolve(true));
  void connection.closed.then((failure) => resolve(failure !== undefined));
  connection.send({ v: 1, kind: 'ping' });
  return promise.finally(stop);
};

/** What is to be written down in the audit that is no command of the language. */
export type Note = Omit<NoteFrame, 'v' | 'kind' | 'id'>;

/** Has something written down in the audit over a connection, which is closed then; undefined when it was lost before. */
export const noteOver = (connection: Connection, note: Note): Promise<Reply | undefined> =>
  askOver(connection, { v: 1, kind: 'note', id: randomUUID().slice(0, 13), ...note }).finally(() => connection.close());

/** A daemon that dies again and again is given up after so many answers that did not come. */
const TRIES = 10;

/** What belongs to saying a command, beside its words. */
export type AskOptions = {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Hears that the daemon was replaced by one of this version. */
  readonly tell?: Tell | undefined;
  /** How long the next daemon is waited for where this one was told to end, in milliseconds. */
  readonly successorMs?: number;
};

/** So long nobody may be at the start of the next one, in milliseconds. */
const SUCCESSOR_MS = 10_000;
const LOOK_MS = 50;

/**
 * The daemon that somebody else starts after the one that was told to end: whoever restarts it, or another command. We start
 * none, for somebody wanted it gone.
 */
const findSuccessor = async (
  paths: Paths,
  { signal, successorMs = SUCCESSOR_MS }: AskOptions,
): Promise<Connection | undefined> => {
  await daemonGone(paths);
  const deadline = performance.now() + successorMs;
  for (;;) {
    signal?.throwIfAborted();
    const connection = await tryConnect(paths);
    if (connection || (performance.now() >= deadline && !isBeingStarted(paths))) return connection;
    await pause(LOOK_MS);
  }
};

/** The way to a daemon for a request that was sent before, perhaps: a failure says what is not known then. */
const reach = async (paths: Paths, env: NodeJS.ProcessEnv, wasSent: boolean, tell?: Tell): Promise<Connection> => {
  try {
    return await connectCurrent(paths, env, { tell });
  } catch (error) {
    if (!wasSent) throw error;
    throw answerLostBy(error);
  }
};

/**
 * Says a command to the daemon. When the daemon dies meanwhile the same request goes to the next one, with one effect; when
 * it was told to end, only to one that somebody else starts.
 */
export const ask = async (
  paths: Paths,
  env: NodeJS.ProcessEnv,
  what: Ask,
  options: AskOptions = {},
): Promise<Reply> => {
  const frame: RunFrame = { v: 1, kind: 'run', id: randomUUID().slice(0, 13), ...what };
  // The daemon would hang up, as if it had ended.
  const { length } = JSON.stringify(frame);
  if (length > LONGEST_REQUEST) throw tooLong({ length, most: LONGEST_REQUEST });
  let next: Connection | undefined;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const connection = next ?? (await reach(paths, env, attempt > 0, options.tell));
    const outcome = await whenAnswered(connection, frame).finally(closeAt(connection, options.signal));
    options.signal?.throwIfAborted();
    if (outcome.reply) return outcome.reply;
    next = outcome.dismissed ? await findSuccessor(paths, options) : undefined;
    if (outcome.dismissed && !next) throw dismissed();
  }
  throw lostAnswer({ why: `${TRIES} daemons ended one after the other` });
};
