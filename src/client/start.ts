import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openBallast } from '../files/ballast.ts';
import { type AppError, isFull } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { systemReason } from '../lib/system-fault.ts';
import { nobodyListens } from '../link/errors.ts';
import { brakeOf, reasonOf } from '../state/lives.ts';
import { type Connection, openConnection } from './connection.ts';
import { deafDaemon, endsAgain, linkedFolder, notARepository, shutIn, silentDaemon, unsafeFolder } from './errors.ts';
import { pidOfHolder } from './gone.ts';
import { isNextAwaited, rememberedLives } from './lives.ts';
import { isShutIn } from './shut-in.ts';
import { versionOf } from './package.ts';
import { BIRTH_MS, claimStart } from './start-claim.ts';
import { type Birth, makeStartJudge, refusalOf } from './start-judge.ts';

/** A folder that only we can enter. */
export const privateFolder = (path: string): void => {
  // A link that leads nowhere would be told of as a folder that somebody removed.
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw linkedFolder({ folder: path });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (process.getuid && found.uid !== process.getuid()) throw unsafeFolder({ folder: path });
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
};

/** The folders of a daemon that is to be started; where their disk is full it gets the room that was kept for that. */
const prepareFolders = async (paths: Paths): Promise<void> => {
  // A repository that was removed meanwhile is not made again.
  if (!existsSync(`${paths.commonDir}/HEAD`)) throw notARepository({ folder: paths.root });
  privateFolder(paths.state);
  privateFolder(dirname(paths.socket));
  await openBallast(paths.ballast).giveBackIfFull();
};

/** Claims the start; a quota that is used up is no full disk to whoever looks, and is known by this first write. */
const claimWithRoom = async (paths: Paths): Promise<(() => void) | undefined> => {
  try {
    return claimStart(paths);
  } catch (error) {
    if (!isFull(error) || !(await openBallast(paths.ballast).giveBack())) throw error;
    return claimStart(paths);
  }
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

/** What the daemon said at its start; it may have been killed in the middle of a word. */
const readBirth = (text: string): Birth | undefined => {
  try {
    return JSON.parse(text) as Birth;
  } catch {
    return undefined;
  }
};

/** The daemon tells on its descriptor 3 that it listens, or in words why it cannot. */
const birthOf = async (pipe: Readable, exited: Promise<string>): Promise<Birth> => {
  let text = '';
  pipe.setEncoding('utf8');
  for await (const chunk of pipe) text += chunk;
  return readBirth(text) ?? { silent: await exited };
};

/** Gives up a daemon that neither starts nor ends. */
const withinBirthTime = async (birth: Promise<Birth>, pid: number | undefined): Promise<Birth> => {
  const { promise: never, reject } = Promise.withResolvers<never>();
  // It may not have the state, and then nothing but its number tells which process it is.
  const late = () => silentDaemon({ pid, seconds: BIRTH_MS / 1000, ends: `kill -KILL ${pid}` });
  const timer = setTimeout(() => reject(late()), BIRTH_MS);
  try {
    return await Promise.race([birth, never]);
  } finally {
    clearTimeout(timer);
  }
};

// Built, this file is JavaScript and the daemon too; from the sources Node strips the types of both.
const DAEMON = fileURLToPath(new URL(`../daemon/main${extname(import.meta.url)}`, import.meta.url));

/** Where this program keeps what it has compiled for its next start; Node makes a folder of its version in it. */
const compiledFolder = (): string | undefined => {
  const folder = getCompileCacheDir();
  return folder && dirname(folder);
};

/** Node lets what is new on its heap take 134 MB of a daemon at work, where it lives on 40 in all: it takes no longer with 17. */
const SMALL_YOUNG = '--max-semi-space-size=8';

/**
 * glibc lets what was given back stand in four arenas and, after the first large piece, below a limit that it has raised
 * for good: 15 MB of a daemon at work, and twice as much an hour later.
 */
const TIDY_MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** How Node becomes the daemon of a repository. What it is lent by its environment is not for the programs that it starts. */
const daemonStart = (paths: Paths, env: NodeJS.ProcessEnv, watched = false) => {
  const lent = Object.fromEntries(Object.entries(TIDY_MALLOC).filter(([name]) => env[name] === undefined));
  const born = { paths, version: versionOf(), compiled: compiledFolder(), lent: Object.keys(lent), watched };
  return {
    argv: [SMALL_YOUNG, '--disable-warning=ExperimentalWarning', DAEMON, paths.root, JSON.stringify(born)],
    env: { ...env, ...lent },
  };
};

/**
 * Runs a daemon for as long as this process lives, for who watches over this one; resolves with its exit code, and rejects
 * with why where it does not come up. What ends this process ends the daemon as well.
 */
export const runDaemon = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<number> => {
  await prepareFolders(paths);
  const log = openSync(paths.daemonLog, 'a', 0o600);
  const { argv, env: own } = daemonStart(paths, env, true);
  const child = spawn(process.execPath, argv, { cwd: paths.root, stdio: ['ignore', log, log, 'pipe'], env: own });
  closeSync(log);
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGTERM', 'SIGINT'] as const;
  for (const signal of signals) process.on(signal, handOn);
  try {
    const ended = once(child, 'exit') as Promise<[number | null]>;
    const pipe = child.stdio[3] as Readable | undefined;
    // Where the system refuses to start anything, there is nothing to read from, and that is told by the other.
    const [birth, [code]] = await Promise.all([pipe && birthOf(pipe, ended.then(String)), ended]);
    if (birth && 'error' in birth) throw refusalOf(birth.error);
    return code ?? 1;
  } finally {
    for (const signal of signals) process.off(signal, handOn);
  }
};

/** Starts a daemon that outlives us: own session, no terminal, output in its log. */
const startDaemon = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Birth> => {
  const log = openSync(paths.daemonLog, 'a', 0o600);
  try {
    const { argv, env: own } = daemonStart(paths, env);
    const child = spawn(process.execPath, argv, {
      cwd: paths.root,
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
      env: own,
    });
    const refused = new Promise<Error>((done) => void child.once('error', done));
    const exited = new Promise<string>((done) => {
      child.once('error', (error) => done(systemReason(error)));
      child.once('exit', (code, signal) => done(`it ended with ${signal ?? `code ${code}`} at its start`));
    });
    // Where the system refuses to start anything, there is nothing to read from either.
    const pipe = child.stdio?.[3] as Readable | undefined;
    if (!pipe) throw await refused;
    try {
      return await withinBirthTime(birthOf(pipe, exited), child.pid);
    } finally {
      // Only now: with nothing else to wait for this program would end by itself, before it has heard how it went.
      child.unref();
      pipe.destroy();
    }
  } finally {
    closeSync(log);
  }
};

/** How often a client looks whether the daemon that somebody else starts is there, in milliseconds. */
const OTHERS_MS = 20;

/** Throws while daemons of this repository end by themselves again and again: another start would only be one more. */
const assertUnbraked = (paths: Paths): void => {
  const brake = brakeOf(rememberedLives(paths), Date.now());
  if (!brake) return;
  const { times, last, until } = brake;
  throw endsAgain({ times, at: last.to, why: reasonOf(last), until: new Date(until).toISOString() });
};

/** Starts a daemon unless somebody else is at it: its birth, or undefined where it is to be looked again. */
const startOnce = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Birth | undefined> => {
  // A daemon that is shut in with an agent would be none for anybody else.
  if (env['DROVER_SOCKET'] === paths.socket || isShutIn(paths)) throw shutIn();
  await prepareFolders(paths);
  const letGo = await claimWithRoom(paths);
  return letGo && startDaemon(paths, env).finally(letGo);
};

/** Whether a start of ours would only stand in the way: of one that holds the state, or that who watches over it starts. */
const isWaitedFor = async (paths: Paths, holderDeadline: number): Promise<boolean> =>
  (performance.now() < holderDeadline && (await pidOfHolder(paths)) !== undefined) || isNextAwaited(paths);

/** Why no daemon can be started, for whom one that cannot be reached is in the way. */
const asUnheard = (why: AppError, holder: number | undefined): AppError =>
  holder !== undefined && why.code === 'store/locked' ? deafDaemon({ pid: holder }, why) : why;

/**
 * A connection to the daemon of the repository, which is started when it does not run; where daemons end by themselves one
 * after the other not before a pause, unless `now`.
 */
export const connectOrStart = async (
  paths: Paths,
  env: NodeJS.ProcessEnv,
  { now = false } = {},
): Promise<Connection> => {
  const judge = makeStartJudge();
  // One that is ending, or has not begun to listen, is waited for before another start is tried.
  const holderDeadline = performance.now() + BIRTH_MS;
  for (;;) {
    const connection = await tryConnect(paths);
    if (connection) return connection;
    if (await isWaitedFor(paths, holderDeadline)) {
      await pause(OTHERS_MS);
      continue;
    }
    if (!now) assertUnbraked(paths);
    const birth = await startOnce(paths, env);
    if (!birth) {
      await pause(OTHERS_MS);
      continue;
    }
    const holder = await pidOfHolder(paths);
    const why = judge(birth, holder !== undefined);
    if (why) throw asUnheard(why, holder);
    if ('error' in birth) await pause(50);
  }
};
