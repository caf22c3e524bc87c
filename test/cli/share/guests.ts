import { spawn } from 'node:child_process';
import { onTestFinished, vi } from 'vitest';
import type { HostFrame } from '../../../src/cli/share/guest-frames.ts';

/** The number of the user `daemon`, which every system has, and one that no user has; only root can be them. */
export const GUEST = 1;
export const STRANGER = 65_533;
export const isRoot = process.getuid?.() === 0;
/** Why tests with other users are left out, in the words of the report. */
export const WITH_OTHERS = isRoot ? 'with other users' : 'left out: only root can make processes of other users';

const CLIENT = `
const socket = require('node:net').connect(process.argv[1]);
socket.on('data', (data) => process.stdout.write(data));
socket.on('error', (error) => process.stdout.write(JSON.stringify({ error: error.code }) + '\\n'));
socket.on('close', () => process.exit(0));
process.stdin.on('data', (data) => socket.write(data));
`;

/** A program of another user that says to the socket of a share what it is told to, however wrong that is. */
export const rawGuest = (socket: string, uid: number) => {
  const child = spawn(process.execPath, ['-e', CLIENT, socket], { uid, gid: uid, env: {}, cwd: '/' });
  let text = '';
  let isGone = false;
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  child.stdin.on('error', () => undefined);
  child.once('close', () => {
    isGone = true;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const frames = (): readonly (HostFrame | { error: string })[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    say: (words: string): void => void child.stdin.write(words),
    type: (line: string): void => {
      const events = [
        { kind: 'text', text: line },
        { kind: 'key', key: 'enter' },
      ];
      child.stdin.write(`${JSON.stringify({ kind: 'typed', events })}\n`);
    },
    frames,
    /** What it was told last. */
    last: () => frames().at(-1),
    /** All that it was ever shown. */
    seen: (): string => text,
    see: (words: string) => vi.waitUntil(() => text.includes(words)),
    isGone: () => isGone,
    gone: () => vi.waitUntil(() => isGone),
  };
};
