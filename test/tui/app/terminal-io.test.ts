import { expect, test } from 'vitest';
import { noTerminal } from '../../../src/tui/app/errors.ts';
import { terminalIo } from '../../../src/tui/app/terminal-io.ts';

const screen = (changes: object = {}) => ({ isTTY: true, columns: 90, rows: 20, ...changes });

test.each([
  [{ TERM: 'dumb' }, screen()],
  [{ TERM: 'xterm' }, screen({ isTTY: false })],
])('without a terminal to draw on one is told what to do instead (%#)', (env, stream) => {
  expect(() => terminalIo(env, stream)).toThrowError(expect.toSatisfy(noTerminal.matches));
});

test('the size is the terminal’s, or a usual one where it does not say', () => {
  const stream = screen();
  const io = terminalIo({ TERM: 'xterm' }, stream);
  let resized = 0;
  const stop = io.onResize(() => {
    resized += 1;
  });
  process.emit('SIGWINCH', 'SIGWINCH');
  stop();
  process.emit('SIGWINCH', 'SIGWINCH');
  expect([io.size(), resized]).toEqual([{ columns: 90, rows: 20 }, 1]);
  expect(terminalIo({}, screen({ columns: 0, rows: 0 })).size()).toEqual({ columns: 80, rows: 24 });
});

test('a program gets the terminal with exactly its own environment, and its exit code comes back', async () => {
  const io = terminalIo({ TERM: 'xterm' }, screen());
  const script = 'process.exit(process.env.MARK === "1" && process.env.HOME === undefined ? 7 : 8)';
  expect(await io.handOver({ argv: [process.execPath, '-e', script], env: { MARK: '1' } })).toBe(7);
  expect(await io.handOver({ argv: [process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")'], env: {} })).toBe(
    1,
  );
  await expect(io.handOver({ argv: ['/no/such/program'], env: {} })).rejects.toThrow('ENOENT');
  const guest = io.handOver({ argv: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], env: {} });
  io.endGuest();
  expect(await guest).toBe(1);
  io.endGuest();
});
