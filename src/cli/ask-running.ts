import { randomUUID } from 'node:crypto';
import { noDaemon } from '../client/errors.ts';
import { locate } from '../client/locate.ts';
import { askOver } from '../client/request.ts';
import { tryConnect } from '../client/start.ts';
import type { Reply } from '../ports/swarm.ts';
import { type Io, viewOf } from './io.ts';

/** Says a command to the daemon that runs; undefined when there is none, and none is started. */
export const askRunning = async (io: Io, text: string): Promise<Reply | undefined> => {
  const connection = await tryConnect(locate(io.cwd, io.env));
  if (!connection) return undefined;
  const id = randomUUID().slice(0, 13);
  const reply = await askOver(connection, { v: 1, kind: 'run', id, text, actor: 'cli', view: viewOf(io) });
  connection.close();
  if (!reply) throw noDaemon({ why: 'it ended before it answered' });
  return reply;
};
