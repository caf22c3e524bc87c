import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionOf } from '../../src/client/package.ts';
import { askOver } from '../../src/client/request.ts';
import { tryConnect } from '../../src/client/start.ts';
import type { Paths } from '../../src/lib/paths.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import type { RunFrame } from '../../src/protocol/frame.ts';

const MAIN = fileURLToPath(new URL('../../src/daemon/main.ts', import.meta.url));

/** The built daemon, which starts in less than half the time. */
export const BUILT = fileURLToPath(new URL('../../dist/daemon/main.js', import.meta.url));

type Place = { readonly paths: Paths; readonly env: Record<string, string> };

/** Starts the daemon as a process of its own, from its source if not said otherwise, with a limit of the shell's before it. */
export const startDaemon = async ({ paths, env }: Place, limit = ':', main = MAIN, version = versionOf()) => {
  mkdirSync(dirname(paths.socket), { recursive: true });
  const born = JSON.stringify({ paths, version });
  const argv = ['-c', `${limit}; exec "$@"`, 'sh', process.execPath, main, paths.root, born];
  const child = spawn('sh', argv, { cwd: paths.root, env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  let log = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const [birth] = (await Promise.race([once(child.stdio[3] as NodeJS.ReadableStream, 'data'), exited])) as [unknown];
  if (!String(birth).includes('ready')) throw new Error(`the daemon did not start: ${birth} ${log}`);
  return {
    log: () => log,
    exited,
    /** Resolves with the signal that ended it. */
    kill: async (): Promise<string | null> => {
      child.kill('SIGKILL');
      return (await exited)[1];
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** Says a command as the request of that id; undefined when no answer came. */
export const sayAs = async (
  paths: Paths,
  id: string,
  text: string,
  more: Pick<RunFrame, 'knew'> = {},
): Promise<Reply | undefined> => {
  const connection = await tryConnect(paths);
  if (!connection) return undefined;
  const view = { columns: 80, color: false };
  const reply = await askOver(connection, { v: 1, kind: 'run', id, text, yes: true, actor: 'cli', view, ...more });
  connection.close();
  return reply;
};
