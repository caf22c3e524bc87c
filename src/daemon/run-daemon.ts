import { closeSync, openSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { AppError, messageOf, traceOf } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { START_AGAIN } from '../state/lives.ts';
import { inWords } from '../state/store/errors.ts';
import { fileInTheWay, startRefused } from './errors.ts';
import { boundLog } from './logs/own-log.ts';
import { openDaemon } from './open.ts';
import { keepHeapSmall } from './small-heap.ts';

/** The descriptor on which whoever started the daemon waits to hear how it went (client/start.ts). */
const BIRTH = 3;

const LOOK = 'Look at "drover daemon logs".';

/** Tells the starter how it went, once; it may be gone already. */
const tell = (what: object): void => {
  try {
    writeSync(BIRTH, JSON.stringify(what));
    closeSync(BIRTH);
  } catch {
    // Nobody waits for it.
  }
};

const log = (line: string): void => void process.stderr.write(`${new Date().toISOString()} ${line}\n`);

const shippedPath = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The environment without what an agent has there about itself, which may have started the daemon by a report. */
const ownEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (pair): pair is [string, string] =>
        pair[1] !== undefined &&
        ![
          'TMUX',
          'TMUX_PANE',
          'DROVER_INSTANCE',
          'DROVER_TOKEN',
          'DROVER_SPOOL',
          'DROVER_HOOK',
          'DROVER_SOCKET',
          'DROVER_GUARD',
          'DROVER_GIT',
        ].includes(pair[0]),
    ),
  );

/**
 * Rejects with what was lost in a promise that nobody awaited while the daemon was opened: what waits for it would wait
 * for ever, with the lock in its hand. A daemon that is open goes on without it.
 */
const { promise: unawaited, reject: failStart } = Promise.withResolvers<never>();
let isOpen = false;
/** Notes why the daemon ends by itself, once there is one. */
let noteCrash = (_why: string): void => undefined;

/** How many files a daemon with few agents opens beside what Node has open: its journal, locks, clients, programs it starts. */
const FILES = 32;

/** Throws what the system says when so many files may not be open: a daemon that comes up all the same could not work. */
const checkOpenFiles = (): void => {
  const opened: number[] = [];
  try {
    while (opened.length < FILES) opened.push(openSync('/dev/null', 'r'));
  } finally {
    for (const file of opened) closeSync(file);
  }
};

/** How long after the start what was compiled is kept for the next one, in milliseconds. */
const FLUSH_MS = 1000;

const main = async (): Promise<void> => {
  checkOpenFiles();
  const born = JSON.parse(process.argv[3] ?? '{}') as { paths: Paths; version: string; watched?: boolean };
  const { paths, version, watched = false } = born;
  const bounded = (line: string): void => {
    boundLog(paths.daemonLog);
    log(line);
  };
  const opening = openDaemon({
    paths,
    env: ownEnv(),
    version,
    watched,
    log: bounded,
    shipped: {
      assets: shippedPath('assets'),
      rehearsal: shippedPath('dist/rehearsal/main.js'),
      cli: shippedPath('bin/drover.js'),
      node: process.execPath,
    },
  });
  const daemon = await Promise.race([opening, unawaited]);
  isOpen = true;
  noteCrash = daemon.noteCrash;
  process.on('SIGTERM', () => void daemon.close());
  process.on('SIGINT', () => void daemon.close());
  process.on('SIGHUP', () => log('the terminal is gone, going on'));
  log(`listening on ${paths.socket} as process ${process.pid}`);
  tell({ ready: true });
  // A daemon that is killed writes nothing at its end; those who wait for their first answers come before it.
  setTimeout(flushCompileCache, FLUSH_MS).unref();
  keepHeapSmall();
  const failure = await daemon.ended;
  log(failure ? 'ended, because nothing could be recorded any more' : 'ended');
  if (daemon.isAgain()) process.exit(START_AGAIN);
  process.exit(failure ? 1 : 0);
};

process.on('unhandledRejection', (error) => {
  log(`a promise was not awaited: ${traceOf(error)}`);
  if (!isOpen) failStart(error);
});

// Nothing is known to be true any more after an error that nobody caught: the next daemon begins with what is recorded.
process.on('uncaughtException', (error) => {
  log(`ended by an error that nobody caught: ${traceOf(error)}`);
  noteCrash(messageOf(error));
  tell({
    error: { code: 'daemon/bug', exit: 1, message: `The daemon failed: ${messageOf(error)}`, hint: LOOK },
  });
  process.exit(1);
});

/** What the system refuses at the start: it names a file, which can be looked at, or a limit, which can be raised. */
const asStartError = (error: unknown): unknown => {
  const { syscall, path, code } = error as NodeJS.ErrnoException;
  if (error instanceof AppError || syscall === undefined) return error;
  if (path === undefined || code === 'EMFILE') return startRefused({ what: syscall, ...inWords(error) }, error);
  const isKind = code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR';
  return fileInTheWay({ path, cause: isKind ? 'something else lies in its place' : inWords(error).cause }, error);
};

main().catch((thrown: unknown) => {
  const error = asStartError(thrown);
  const known = error instanceof AppError;
  log(traceOf(error));
  const { code, exit, message, hint } = known
    ? error
    : {
        code: 'daemon/bug',
        exit: 1,
        message: `The daemon failed: ${messageOf(error)}`,
        hint: LOOK,
      };
  tell({ error: { code, exit, message, hint } });
  process.exit(1);
});
