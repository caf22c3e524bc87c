import { randomUUID } from 'node:crypto';
import { noDaemon } from '../client/errors.ts';
import { locate } from '../client/locate.ts';
import { askOver } from '../client/request.ts';
import { tryConnect } from '../client/start.ts';
import type { Paths } from '../lib/paths.ts';
import type { Reply } from '../ports/swarm.ts';
import { type Io, viewOf } from './io.ts';
import { waitForAnswer } from './patience.ts';

/** How an answer is waited for. */
type Wait = (
  io: Io,
  paths: Paths,
  ask: (signal: AbortSignal) => Promise<Reply | undefined>,
) => Promise<Reply | undefined>;

/** Says a command to the daemon that runs; undefined when there is none, and none is started. */
export const askRunning = async (io: Io, text: string, wait: Wait = waitForAnswer): Promise<Reply | undefined> => {
  const paths = locate(io.cwd, io.env);
  const connection = await tryConnect(paths);
  if (!connection) return undefined;
  const id = randomUUID().slice(0, 13);
  const frame = { v: 1, kind: 'run', id, text, actor: 'cli', view: viewOf(io) } as const;
  const reply = await wait(io, paths, () => askOver(connection, frame)).finally(() => connection.close());
  if (!reply) throw noDaemon({ why: 'it ended before it answered' });
  return reply;
};
