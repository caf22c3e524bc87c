import { spawn } from 'node:child_process';
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError, type ExitCode } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { nobodyListens } from '../link/errors.ts';
import { type Connection, openConnection } from './connection.ts';
import { noDaemon, unsafeFolder } from './errors.ts';
import { versionOf } from './package.ts';

/** A folder that only we can enter. */
export const privateFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) throw unsafeFolder({ folder: path });
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
};

/** A connection if a daemon answers, else undefined. */
export const tryConnect = async (paths: Paths): Promise<Connection | undefined> => {
  try {
    return await openConnection(paths.socket);
  } catch (error) {
    if (nobodyListens.matches(error)) return undefined;
    throw error;
  }
};

type Birth = { ready: true } | { error: { code: string; exit: ExitCode; message: string; hint: string } };

/** The daemon tells on its descriptor 3 that it listens, or in words why it cannot. */
const birthOf = async (pipe: Readable, exited: Promise<string>): Promise<Birth> => {
  let text = '';
  pipe.setEncoding('utf8');
  for await (const chunk of pipe) text += chunk;
  if (text !== '') return JSON.parse(text) as Birth;
  const why = await exited;
  return { error: { code: 'client/no-daemon', exit: 7, ...textOf(noDaemon({ why })) } };
};

const textOf = ({ message, hint }: AppError) => ({ message, hint });

// Built, this file is JavaScript and the daemon too; from the sources Node strips the types of both.
const DAEMON = fileURLToPath(new URL(`../daemon/main${extname(import.meta.url)}`, import.meta.url));

/** Starts a daemon that outlives us: own session, no terminal, output in its log. */
const startDaemon = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Birth> => {
  privateFolder(paths.state);
  privateFolder(dirname(paths.socket));
  const log = openSync(paths.daemonLog, 'a', 0o600);
  try {
    const born = JSON.stringify({ paths, version: versionOf() });
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DAEMON, paths.root, born], {
      cwd: paths.root,
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
      env,
    });
    const exited = new Promise<string>((done) => {
      child.once('error', (error) => done(error.message));
      child.once('exit', (code, signal) => done(`it ended with ${signal ?? `code ${code}`} at its start`));
    });
    child.unref();
    return await birthOf(child.stdio[3] as Readable, exited);
  } finally {
    closeSync(log);
  }
};

const PATIENCE_MS = 10_000;

/** A connection to the daemon of the repository, which is started when it does not run. */
export const connectOrStart = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Connection> => {
  const deadline = performance.now() + PATIENCE_MS;
  let born = false;
  for (;;) {
    const connection = await tryConnect(paths);
    if (connection) return connection;
    const birth = await startDaemon(paths, env);
    if ('ready' in birth) {
      // On a busy machine the start alone may take that long: what has started is always tried.
      if (!born || performance.now() < deadline) {
        born = true;
        continue;
      }
      throw noDaemon({ why: 'it ends as soon as it has started' });
    }
    const { code, exit, message, hint } = birth.error;
    // Somebody else was quicker and is not listening yet: wait for that one.
    if (code !== 'store/locked' || performance.now() > deadline) throw new AppError(code, exit, { message, hint });
    await pause(50);
  }
};
