import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCurrent, endingFor } from '../client/current.ts';
import { noDaemon } from '../client/errors.ts';
import { daemonGone, pidOfDaemon, pidOfHolder } from '../client/gone.ts';
import { BIRTH_MS } from '../client/start-claim.ts';
import { runDaemon, tryConnect } from '../client/start.ts';
import { isNextAwaited, presentLife, rememberedLives } from '../client/lives.ts';
import { locate } from '../client/locate.ts';
import { versionOf } from '../client/package.ts';
import { nobodyThere } from '../client/shut-in.ts';
import { AppError, defineError } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { nearest } from '../lib/text.ts';
import { isOlder } from '../lib/release-order.ts';
import { brakeOf, reasonOf } from '../state/lives.ts';
import { askRunning } from './ask-running.ts';
import { daemonLogs } from './follow/logs.ts';
import type { Flags, Io } from './io.ts';
import { readOptions } from './options.ts';
import { printLine, printReply } from './print.ts';
import { converse, teller } from './say.ts';

const VERBS = ['start', 'stop', 'restart', 'status', 'logs', 'run', 'install', 'uninstall'] as const;

const unknownVerb = defineError('daemon/unknown-verb', 2, (p: { verb: string; meant?: string | undefined }) => ({
  message: `There is no "daemon ${p.verb}".`,
  hint: p.meant
    ? `Did you mean: drover daemon ${p.meant}?`
    : 'Usage: drover daemon start|stop|restart|status|logs [-f]|run [FOLDER]|install [--print]|uninstall',
}));

const notStopped = defineError('daemon/not-stopped', 1, (p: { why: string; hint: string }) => ({
  message: `The daemon could not be stopped: ${p.why}`,
  hint: p.hint,
}));

/** That none runs, and how the last one ended where nobody wanted that. */
const noneRuns = (paths: Paths): string => {
  const lives = rememberedLives(paths);
  const last = lives.at(-1);
  if (!last || last.end === 'ended') return 'none is running';
  const brake = brakeOf(lives, Date.now());
  const pause = brake
    ? `; after ${brake.times} in a row it is started again from ${new Date(brake.until).toISOString()} on`
    : '';
  return `none is running, the last one ended by itself at ${last.to} (${reasonOf(last)})${pause}`;
};

/** Says that the daemon is of an older version than this program, and what becomes of it. */
const tellOlder = (io: Io, paths: Paths): void => {
  const theirs = presentLife(paths)?.version;
  if (theirs !== undefined && isOlder(theirs, versionOf()))
    teller(io)(`The daemon is of version ${theirs}, this is ${versionOf()}: the next other command replaces it.`);
};

const LOOK_MS = 20;

/** Whether a daemon is on its way to where it can be reached. */
const isComing = async (paths: Paths): Promise<boolean> => {
  if (isNextAwaited(paths)) return true;
  if ((await pidOfHolder(paths)) === undefined) return false;
  const connection = await tryConnect(paths);
  connection?.close();
  return !connection;
};

/** Resolves when the daemon is there that whoever watches over it is about to start, or when that is late. */
const nextThere = async (paths: Paths): Promise<void> => {
  if (!isNextAwaited(paths)) return;
  const deadline = performance.now() + BIRTH_MS;
  while (performance.now() < deadline && (await isComing(paths))) await pause(LOOK_MS);
};

/** Says a command to a running daemon and prints the answer; none is started for it. */
const sayToRunning = async (io: Io, flags: Flags, text: 'status daemon' | 'stop daemon'): Promise<number> => {
  const paths = locate(io.cwd, io.env);
  // One that is about to be started again is the one that is meant.
  if (text === 'stop daemon') await nextThere(paths);
  const reply = await askRunning(io, text);
  if (!reply) {
    if (flags.json || flags.jsonl)
      printLine(io.stdout, JSON.stringify({ running: false, pid: null }, null, flags.json ? 2 : 0));
    throw nobodyThere(paths, noneRuns(paths));
  }
  // It answers before it ends: whoever comes next shall find it gone.
  if (text === 'stop daemon' && reply.exit === 0) await daemonGone(paths);
  if (text === 'status daemon') tellOlder(io, paths);
  return printReply(io, reply, flags);
};

/** Ends the daemon, if there is one, without a word; the agents go on. */
const stopQuietly = async (io: Io, text = 'stop daemon'): Promise<void> => {
  const paths = locate(io.cwd, io.env);
  // Where it is killed meanwhile, another client may have started the next one before we look.
  const pid = await pidOfDaemon(paths);
  const reply = await askRunning(io, text).catch((error: unknown) => {
    // One that ended before it answered has ended.
    if (!noDaemon.matches(error)) throw error;
  });
  if (reply && reply.exit !== 0) {
    const { message, hint } = notStopped({ why: reply.message, hint: reply.hint ?? 'Run: drover doctor.' });
    // Who may not end it is told so by the exit code as well.
    throw new AppError(notStopped.code, reply.exit, { message, hint });
  }
  await daemonGone(paths, pid);
};

/** What belongs to a system that watches over the daemon: its unit, and the daemon in the place of this process. */
const supervise = async (
  io: Io,
  flags: Flags,
  { verb, folder, print }: { readonly verb: string; readonly folder: string | undefined; readonly print: boolean },
): Promise<number | undefined> => {
  if (verb === 'run') {
    const there = folder === undefined ? io : { ...io, cwd: resolve(io.cwd, folder) };
    // One that a command has started makes room: the agents go on.
    await stopQuietly(there);
    return runDaemon(locate(there.cwd, io.env), io.env);
  }
  if (verb !== 'install' && verb !== 'uninstall') return undefined;
  const { installDaemon, uninstallDaemon } = await import('./setup/install-daemon.ts');
  return verb === 'install' ? installDaemon(io, flags, { print }) : uninstallDaemon(io, flags);
};

/** `drover daemon start|stop|restart|status|logs|run|install|uninstall`. */
export const daemon = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const logs = argv.indexOf('logs');
  if (logs >= 0 && argv.slice(0, logs).every((word) => word.startsWith('-')))
    return daemonLogs(io, flags, argv.toSpliced(logs, 1));
  // To "run" belongs the folder of the repository.
  const most = argv.includes('run') ? 2 : 1;
  const { words, switches } = readOptions(argv, { switches: ['wait', 'print'], words: most });
  const [verb = 'status', folder] = words;
  const supervised = await supervise(io, flags, { verb, folder, print: switches.has('print') });
  if (supervised !== undefined) return supervised;
  if (verb === 'stop') return sayToRunning(io, flags, 'stop daemon');
  // Who watches over it is to watch over the next one as well.
  if (verb === 'restart') await stopQuietly(io, endingFor(presentLife(locate(io.cwd, io.env))));
  if (verb !== 'start' && verb !== 'restart' && verb !== 'status')
    throw unknownVerb({ verb, meant: nearest(verb, VERBS) });
  if (verb !== 'status')
    (await connectCurrent(locate(io.cwd, io.env), io.env, { tell: teller(io), now: true })).close();
  return sayToRunning(io, flags, 'status daemon');
};

/** `drover down`: every instance and the daemon come to a clean end. */
export const down = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words, switches } = readOptions(argv, { switches: ['force', 'graceful'], words: 1 });
  const force = switches.has('force') || words[0] === 'force';
  const reply = await converse(io, flags, { text: force ? 'stop swarm force' : 'stop swarm' });
  if (reply.exit === 0) await daemonGone(locate(io.cwd, io.env));
  return printReply(io, reply, flags);
};
