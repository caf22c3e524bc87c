import { setTimeout as pause } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import { makeEmulator } from '../src/tui/panes/emulator.ts';
import { holdOpen } from './sandbox.mjs';

/** What the compositor asks after a frame of panes: one of them is one frame. */
const ASK = '\u001B[5n';
const PATIENCE_MS = 90_000;

/**
 * Delivers in order, so many bytes a second and each so late; as a line does. Without a rate everything is at once.
 * `onFull` is told when more is under way than the line's buffers hold, and when they have room again.
 */
const makeLine = ({ bytesPerSecond = Number.POSITIVE_INFINITY, delayMs = 0 }, deliver, onFull) => {
  let freeAt = 0;
  let queued = 0;
  const BUFFER = 64 * 1024;
  return (data) => {
    if (bytesPerSecond === Number.POSITIVE_INFINITY && delayMs === 0) return deliver(data);
    const size = Buffer.byteLength(data);
    const now = performance.now();
    freeAt = Math.max(now, freeAt) + (size / bytesPerSecond) * 1000;
    queued += size;
    if (queued > BUFFER) onFull(true);
    setTimeout(
      () => {
        queued -= size;
        if (queued <= BUFFER) onFull(false);
        deliver(data);
      },
      freeAt + delayMs - now,
    );
  };
};

const rowsOf = (terminal) =>
  Array.from({ length: terminal.rows }, (_, y) => {
    const buffer = terminal.buffer.active;
    return buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '';
  });

/** A program in a pty of this size, and the screen that a person would see at the other end of the line. */
export const openScreen = (argv, { cwd, env, columns, rows, line = {} }) => {
  const terminal = makeEmulator({ cols: columns, rows });
  const [file, ...args] = argv;
  const program = pty.spawn(file, args, { cols: columns, rows, cwd, env, name: 'xterm-256color' });
  const seen = { bytes: 0, frames: 0 };
  const watchers = new Set();
  let ended = false;
  const gone = new Promise((resolve) => program.onExit(resolve)).then(() => {
    ended = true;
  });
  const show = (data) =>
    terminal.write(data, () => {
      for (const look of watchers) look();
    });
  const down = makeLine(line, show, (full) => (full ? program.pause() : program.resume()));
  const up = makeLine(
    line,
    (data) => !ended && program.write(data),
    () => undefined,
  );
  program.onData((data) => {
    seen.bytes += Buffer.byteLength(data);
    seen.frames += data.split(ASK).length - 1;
    down(data);
  });
  terminal.onData(up);
  const close = async () => {
    if (!ended) process.kill(program.pid, 'SIGTERM');
    await Promise.race([gone, pause(5000)]);
    if (!ended) process.kill(program.pid, 'SIGKILL');
    await gone;
    release();
  };
  const release = holdOpen({ close });
  const screen = () => rowsOf(terminal).join('\n');
  return {
    pid: program.pid,
    seen,
    screen,
    row: (y) => rowsOf(terminal)[y],
    type: up,
    close,
    /** Resolves with the time at which the condition was true of the screen. */
    until: (condition, patienceMs = PATIENCE_MS) => {
      const { promise, resolve, reject } = Promise.withResolvers();
      const look = () => {
        if (!condition(screen)) return;
        watchers.delete(look);
        clearTimeout(timer);
        resolve(performance.now());
      };
      const timer = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`not on the screen in time:\n${screen()}`));
      }, patienceMs);
      watchers.add(look);
      look();
      return promise;
    },
  };
};
