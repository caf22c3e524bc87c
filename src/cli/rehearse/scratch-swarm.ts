import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { noDaemon } from '../../client/errors.ts';
import { daemonGone } from '../../client/gone.ts';
import { askOver } from '../../client/request.ts';
import { tryConnect } from '../../client/start.ts';
import { AppError, asSentence } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { USUAL_WORKTREES_FOLDER } from '../../lib/worktrees-folder.ts';
import type { Reply } from '../../ports/swarm.ts';

/** What the names of the folders of scratch swarms begin with. */
export const SCRATCH = 'drover-rehearse-';

/** Says a command, in words or as arguments; throws unless it succeeded, or brought bad news of the `accepted` codes. */
export type Say = (what: string | readonly string[], accepted?: readonly number[]) => Promise<Reply>;

/** A scratch swarm that may be running. */
type Running = { readonly paths: Paths; readonly env: NodeJS.ProcessEnv; readonly say: Say };

/** What a command of the rehearsal answered, with its exit code and the advice that it gave. */
const sayFailed = (text: string, { exit, message, hint }: Reply): AppError =>
  new AppError('rehearse/command-failed', exit === 0 ? 1 : exit, {
    message: `"${text}" failed: ${asSentence(message)}`,
    hint: hint ?? 'Run it again with --keep DIR and look at what it left there.',
  });

/** The environment of a scratch swarm that has its home in this folder: nothing of the user's own swarms is in it. */
export const environment = (env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:GIT_|TMUX|DROVER_(?!REHEARSAL_))/u.test(name))),
  XDG_DATA_HOME: join(home, 'data'),
  XDG_STATE_HOME: join(home, 'state'),
  // Whatever the user's own file says.
  DROVER_WORKTREES_FOLDER: USUAL_WORKTREES_FOLDER,
  XDG_RUNTIME_DIR: join(home, 'run'),
  TMUX_TMPDIR: home,
});

/** tmux refuses sockets with long paths, and some temporary folders are deep. */
export const base = (): string => (tmpdir().length > 60 ? '/tmp' : tmpdir());

/** How a folder is removed in which something may still be written. */
export const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

const lostReply = (): Reply => {
  const { exit, message, hint } = noDaemon({ why: 'it has ended' });
  const empty = { data: null, sideEffects: [], elapsedMs: 0, correlation: '', confirm: null };
  return { exit, message, hint, text: message, ...empty };
};

/** Says a command to the daemon if there is one: none is started, because it may be gone for good. */
export const sayTo =
  (paths: Paths): Say =>
  async (what, accepted = []) => {
    const said = typeof what === 'string' ? { text: what } : { argv: what };
    const id = randomUUID().slice(0, 13);
    const view = { columns: 120, color: false };
    const connection = await tryConnect(paths);
    const frame = { v: 1, kind: 'run', id, ...said, yes: true, actor: 'cli', view } as const;
    const reply = (connection && (await askOver(connection, frame))) ?? lostReply();
    connection?.close();
    if (reply.exit === 0 || accepted.includes(reply.exit)) return reply;
    throw sayFailed(typeof what === 'string' ? what : what.join(' '), reply);
  };

/** Ends everything that runs; one step that fails keeps none of the others from being done. */
export const endAll = async ({ paths, env, say }: Running): Promise<void> => {
  await say('stop swarm force').catch(() => undefined);
  await daemonGone(paths);
  await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
  await rm(paths.worktrees, REMOVE);
};
