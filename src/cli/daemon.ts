import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCurrent, endingFor } from '../client/current.ts';
import { deafDaemon, noDaemon, shutIn, silentDaemon } from '../client/errors.ts';
import { daemonGone, endHolder, pidOfDaemon, pidOfHolder } from '../client/gone.ts';
import { BIRTH_MS } from '../client/start-claim.ts';
import { runDaemon, tryConnect } from '../client/start.ts';
import { isNextAwaited, presentLife, rememberedLives } from '../client/lives.ts';
import { locate } from '../client/locate.ts';
import { versionOf } from '../client/package.ts';
import { isShutIn, nobodyThere } from '../client/shut-in.ts';
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

/** Ends a daemon that nobody can ask for it. An agent may not, and nor is what may be another program by now. */
const endUnheard = async ({ env }: Io, paths: Paths, pid: number): Promise<string> => {
  if (isShutIn(paths)) throw shutIn();
  if (env['DROVER_TOKEN']) throw deafDaemon({ pid });
  if (!existsSync(`/proc/${pid}/cmdline`))
    throw notStopped({
      why: `process ${pid} has the state and cannot be reached.`,
      hint: `If it is a Drover daemon: kill ${pid}`,
    });
  const { killed } = await endHolder(paths, pid);
  if ((await pidOfHolder(paths)) === pid)
    throw notStopped({ why: `process ${pid} is still there after SIGKILL`, hint: 'Run: drover doctor.' });
  return killed
    ? `The daemon (process ${pid}) could not be reached, did not end by itself and was killed; the agents go on.`
    : `The daemon (process ${pid}) could not be reached, and has ended; the agents go on.`;
};

/** Waits for the end of a daemon that has said that it ends, and ends it where it does not. */
const untilGone = async (io: Io, paths: Paths): Promise<void> => {
  const pid = await pidOfHolder(paths);
  if (pid === undefined) return;
  await daemonGone(paths, pid);
  if ((await pidOfHolder(paths)) === pid) teller(io)(await endUnheard(io, paths, pid));
};

const stopUnheard = async (io: Io, flags: Flags, pid: number): Promise<number> => {
  const message = await endUnheard(io, locate(io.cwd, io.env), pid);
  const said = { exit: 0, message, hint: null, text: message, data: { pid }, sideEffects: ['daemon stopped'] } as const;
  return printReply(io, { ...said, elapsedMs: 0, correlation: '', confirm: null }, flags);
};

/** Where nobody answers: there is no daemon, or one that cannot be reached, which can be ended all the same. */
const tellUnheard = async (io: Io, flags: Flags, text: string): Promise<number> => {
  const paths = locate(io.cwd, io.env);
  const pid = (await pidOfHolder(paths)) ?? null;
  if (pid !== null && text === 'stop daemon') return stopUnheard(io, flags, pid);
  if (flags.json || flags.jsonl)
    printLine(io.stdout, JSON.stringify({ running: false, pid }, null, flags.json ? 2 : 0));
  throw pid === null ? nobodyThere(paths, noneRuns(paths)) : deafDaemon({ pid });
};

/** Says a command to a running daemon and prints the answer; none is started for it. */
const sayToRunning = async (io: Io, flags: Flags, text: 'status daemon' | 'stop daemon'): Promise<number> => {
  const paths = locate(io.cwd, io.env);
  // One that is about to be started again is the one that is meant.
  if (text === 'stop daemon') await nextThere(paths);
  const reply = await askRunning(io, text).catch(async (error: unknown) => {
    // One that takes connections and says nothing can be ended all the same, where it is known which process it is.
    const isEnded = silentDaemon.matches(error) && text === 'stop daemon' && (await pidOfHolder(paths)) !== undefined;
    if (!isEnded) throw error;
  });
  if (!reply) return tellUnheard(io, flags, text);
  // It answers before it ends: whoever comes next shall find it gone.
  if (text === 'stop daemon' && reply.exit === 0) await untilGone(io, paths);
  if (text === 'status daemon') tellOlder(io, paths);
  return printReply(io, reply, flags);
};

/** Ends the daemon, if there is one, without a word; the agents go on. */
const stopQuietly = async (io: Io, text = 'stop daemon'): Promise<void> => {
  const paths = locate(io.cwd, io.env);
  // Where it is killed meanwhile, another client may have started the next one before we look.
  const pid = await pidOfDaemon(paths);
  let isSilent = false;
  const reply = await askRunning(io, text).catch((error: unknown) => {
    isSilent = silentDaemon.matches(error);
    // One that ended before it answered has ended.
    if (!noDaemon.matches(error) && !isSilent) throw error;
  });
  if (reply && reply.exit !== 0) {
    const { message, hint } = notStopped({ why: reply.message, hint: reply.hint ?? 'Run: drover doctor.' });
    // Who may not end it is told so by the exit code as well.
    throw new AppError(notStopped.code, reply.exit, { message, hint });
  }
  if (!isSilent) await daemonGone(paths, pid);
  // One that has no socket any more was not asked, and one that is silent has not heard.
  const holder = await pidOfHolder(paths);
  if (holder !== undefined && holder === pid) await endUnheard(io, paths, holder);
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

/** What is said where neither an agent nor a daemon was there to be ended. */
const NEITHER = 'Nothing was running, no agent and no daemon.';

/** `drover down`: every instance and the daemon come to a clean end. */
export const down = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words, switches } = readOptions(argv, { switches: ['force', 'graceful'], words: 1 });
  const force = switches.has('force') || words[0] === 'force';
  const paths = locate(io.cwd, io.env);
  // Where none ran one is started: agents may have outlived theirs.
  const wasThere = (await pidOfHolder(paths)) !== undefined;
  const reply = await converse(io, flags, { text: force ? 'stop swarm force' : 'stop swarm' });
  if (reply.exit === 0) await untilGone(io, paths);
  const isNothing = !wasThere && reply.exit === 0 && Array.isArray(reply.data) && reply.data.length === 0;
  const nothing = { message: NEITHER, text: NEITHER, sideEffects: [] };
  return printReply(io, isNothing ? { ...reply, ...nothing } : reply, flags);
};
