import { randomUUID } from 'node:crypto';
import type { Paths } from '../lib/paths.ts';
import type { Reply } from '../ports/swarm.ts';
import type { RunFrame } from '../protocol/frame.ts';
import type { Connection } from './connection.ts';
import { noDaemon } from './errors.ts';
import { connectOrStart } from './start.ts';

export type Ask = Pick<RunFrame, 'actor' | 'view'> &
  Partial<Pick<RunFrame, 'text' | 'argv' | 'yes' | 'confirm' | 'token' | 'cwd' | 'input' | 'said_at'>>;

/**
 * Sends one request over a connection; undefined when the connection was lost before the answer came. Rejects when the
 * two sides do not understand each other.
 */
export const askOver = (connection: Connection, frame: RunFrame): Promise<Reply | undefined> =>
  new Promise((resolve, reject) => {
    connection.onFrame((answer) => {
      if (answer.kind === 'reply' && answer.id === frame.id) resolve(answer.reply);
    });
    void connection.closed.then((failure) => (failure ? reject(failure) : resolve(undefined)));
    connection.send(frame);
  });

const TRIES = 3;

/** Says a command to the daemon. When the daemon dies meanwhile the same request goes to the next one, with one effect. */
export const ask = async (paths: Paths, env: NodeJS.ProcessEnv, what: Ask): Promise<Reply> => {
  const frame: RunFrame = { v: 1, kind: 'run', id: randomUUID().slice(0, 13), ...what };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const connection = await connectOrStart(paths, env);
    const reply = await askOver(connection, frame);
    connection.close();
    if (reply) return reply;
  }
  throw noDaemon({ why: `it ended ${TRIES} times before it answered` });
};
