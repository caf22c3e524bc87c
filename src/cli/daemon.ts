import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { locate } from '../client/locate.ts';
import { askOver } from '../client/request.ts';
import { connectOrStart, tryConnect } from '../client/start.ts';
import { noDaemon } from '../client/errors.ts';
import type { Paths } from '../lib/paths.ts';
import { type Flags, type Io, viewOf } from './io.ts';
import { printLine, printReply } from './print.ts';
import { converse, sayArguments } from './say.ts';

/** Says a command to a running daemon; none is started for it. */
const askRunning = async (io: Io, flags: Flags, text: string): Promise<number> => {
  const connection = await tryConnect(locate(io.cwd, io.env));
  if (!connection) {
    if (flags.json) printLine(io.stdout, JSON.stringify({ running: false, pid: null }, null, 2));
    throw noDaemon({ why: 'none is running' });
  }
  const frame = { v: 1, kind: 'run', id: `daemon-${process.pid}`, text, actor: 'cli', view: viewOf(io) } as const;
  const reply = await askOver(connection, frame);
  const ended = text.startsWith('stop') ? connection.closed : undefined;
  await ended;
  connection.close();
  if (!reply) throw noDaemon({ why: 'it ended before it answered' });
  return printReply(io, reply, flags, false);
};

const showLogs = async (io: Io, argv: readonly string[]): Promise<number> => {
  const { daemonLog } = locate(io.cwd, io.env);
  const follow = argv.includes('-f') ? ['-F'] : [];
  const tail = spawn('tail', ['-n', '200', ...follow, daemonLog], { stdio: ['ignore', io.stdout, 'inherit'] });
  const [code] = (await once(tail, 'exit')) as [number | null];
  return code === 0 || code === null ? 0 : 1;
};

/** `drover daemon start|stop|status|logs`. */
export const daemon = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const [verb = 'status'] = argv;
  if (verb === 'start') {
    (await connectOrStart(locate(io.cwd, io.env), io.env)).close();
    return askRunning(io, flags, 'status daemon');
  }
  if (verb === 'status') return askRunning(io, flags, 'status daemon');
  if (verb === 'stop') return askRunning(io, flags, 'stop daemon');
  if (verb === 'logs') return showLogs(io, argv.slice(1));
  return sayArguments(io, flags, ['daemon', ...argv]);
};

const LEAVE_MS = 15_000;

/** Resolves when no daemon answers any more, or after a while that is long for one to end. */
const gone = async (paths: Paths): Promise<void> => {
  const left = await tryConnect(paths);
  if (!left) return;
  await Promise.race([left.closed, pause(LEAVE_MS, undefined, { ref: false })]);
  left.close();
};

/** `drover down`: every instance and the daemon come to a clean end. */
export const down = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const force = argv.includes('--force') || argv.includes('force');
  const paths = locate(io.cwd, io.env);
  const reply = await converse(io, flags, { text: force ? 'stop swarm force' : 'stop swarm' });
  const exit = printReply(io, reply, flags, false);
  // It answers before it ends: whoever comes next shall find it gone.
  if (exit === 0) await gone(paths);
  return exit;
};
