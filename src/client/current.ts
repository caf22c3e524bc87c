import { randomUUID } from 'node:crypto';
import type { Paths } from '../lib/paths.ts';
import { asSentence } from '../lib/errors.ts';
import { isOlder } from '../lib/release-order.ts';
import type { Reply } from '../ports/swarm.ts';
import { type Connection, whenAnswered } from './connection.ts';
import { daemonGone } from './gone.ts';
import type { Life } from '../state/lives.ts';
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

const askToEnd = (connection: Connection, text: string): Promise<Reply | undefined> => {
  const frame = { v: 1, kind: 'run', id: randomUUID().slice(0, 13), text, actor: 'cli' } as const;
  return whenAnswered(connection, { ...frame, view: { columns: 80, color: false } }).then(({ reply }) => reply);
};

/** What ends a daemon so that another takes its place: one that is watched over comes back by whoever does that. */
export const endingFor = (life: Life | undefined): 'stop daemon' | 'stop daemon again=true' =>
  life?.watched ? 'stop daemon again=true' : 'stop daemon';

/** The life of the daemon that is there, where it is of an older version than this and we may end it. */
const olderLife = (paths: Paths, env: NodeJS.ProcessEnv): Life | undefined => {
  const life = isAgent(env) ? undefined : presentLife(paths);
  return life && isOlder(life.version, versionOf()) ? life : undefined;
};

const keptText = (theirs: string, ours: string, { message }: Reply): string =>
  `The daemon is of version ${theirs}, this is ${ours}, and it was not replaced: ${asSentence(message)}`;

const replacedText = (theirs: string, ours: string, isOldUnit: boolean): string =>
  `The daemon of version ${theirs} was replaced by one of version ${ours}; the agents go on.${
    isOldUnit ? ' Nothing watches over it now, because what does so starts the older one: drover daemon install' : ''
  }`;

/**
 * A connection to a daemon of this version or a later one: one of an older version is told to end and started anew, by whoever
 * watches over it where somebody does. The agents belong to the tmux server and go on; what other clients wait for is said
 * again to the new one.
 */
export const connectCurrent = async (
  paths: Paths,
  env: NodeJS.ProcessEnv,
  { tell, now = false }: { readonly tell?: Tell | undefined; readonly now?: boolean } = {},
): Promise<Connection> => {
  let replaced: Life | undefined;
  let isOldUnit = false;
  for (let left = REPLACEMENTS; ; left -= 1) {
    const connection = await connectOrStart(paths, env, { now });
    const life = olderLife(paths, env);
    if (!life || left === 0) {
      if (replaced && left > 0) tell?.(replacedText(replaced.version, versionOf(), isOldUnit));
      return connection;
    }
    // One that comes back as old as it was would do so each time.
    isOldUnit = replaced?.watched === true && life.watched === true;
    const reply = await askToEnd(connection, isOldUnit ? 'stop daemon' : endingFor(life));
    // Whoever may not end it, or is told why it cannot end, goes on with it.
    if (reply && reply.exit !== 0) {
      tell?.(keptText(life.version, versionOf(), reply));
      return connection;
    }
    connection.close();
    replaced = life;
    await daemonGone(paths, life.pid);
  }
};
