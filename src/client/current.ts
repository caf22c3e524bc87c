import { randomUUID } from 'node:crypto';
import type { Paths } from '../lib/paths.ts';
import { asSentence } from '../lib/errors.ts';
import { isOlder } from '../lib/release-order.ts';
import type { Reply } from '../ports/swarm.ts';
import { type Connection, whenAnswered } from './connection.ts';
import { daemonGone } from './gone.ts';
import { presentLife } from './lives.ts';
import { versionOf } from './package.ts';
import { connectOrStart } from './start.ts';

/** Hears, in a sentence for a person, that a daemon was replaced or why it was not. */
export type Tell = (sentence: string) => void;

/**
 * How often a client replaces a daemon: once does, unless a client of the old version starts one again in between. Versions
 * only rise, because an older client leaves a newer daemon alone, and with this bound nobody loops whatever they do.
 */
const REPLACEMENTS = 3;

/** An agent may not end a daemon, and is not asked to: it says what it has to say to the one that is there. */
const isAgent = ({ DROVER_TOKEN: token }: NodeJS.ProcessEnv): boolean => token !== undefined && token !== '';

const askToEnd = (connection: Connection): Promise<Reply | undefined> => {
  const frame = { v: 1, kind: 'run', id: randomUUID().slice(0, 13), text: 'stop daemon', actor: 'cli' } as const;
  return whenAnswered(connection, { ...frame, view: { columns: 80, color: false } }).then(({ reply }) => reply);
};

/**
 * A connection to a daemon of this version or a later one: one of an older version is told to end and started anew. The
 * agents belong to the tmux server and go on; what other clients wait for is said again to the new one.
 */
export const connectCurrent = async (
  paths: Paths,
  env: NodeJS.ProcessEnv,
  { tell, now = false }: { readonly tell?: Tell | undefined; readonly now?: boolean } = {},
): Promise<Connection> => {
  const ours = versionOf();
  let replaced: string | undefined;
  for (let left = REPLACEMENTS; ; left -= 1) {
    const connection = await connectOrStart(paths, env, { now });
    const theirs = isAgent(env) ? undefined : presentLife(paths)?.version;
    if (theirs === undefined || !isOlder(theirs, ours) || left === 0) {
      if (replaced !== undefined && left > 0)
        tell?.(`The daemon of version ${replaced} was replaced by one of version ${ours}; the agents go on.`);
      return connection;
    }
    const reply = await askToEnd(connection);
    // Whoever may not end it, or is told why it cannot end, goes on with it.
    if (reply && reply.exit !== 0) {
      tell?.(
        `The daemon is of version ${theirs}, this is ${ours}, and it was not replaced: ${asSentence(reply.message)}`,
      );
      return connection;
    }
    connection.close();
    replaced = theirs;
    await daemonGone(paths);
  }
};
