import { closeSync, constants, openSync } from 'node:fs';
import pty from '@lydell/node-pty';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fdOutput } from '../../../src/tui/compositor/output.ts';

/** A terminal that reads only when it is told to, and a descriptor of it as a program gets it. */
const openTerminal = async () => {
  const program = pty.spawn(
    process.execPath,
    ['-e', 'process.stdout.write("READY"); setTimeout(() => undefined, 1e6)'],
    {
      ...{ name: 'xterm', cols: 80, rows: 24 },
    },
  );
  let over = false;
  let printed = '';
  program.onData((data) => {
    printed += data;
  });
  program.onExit(() => {
    over = true;
  });
  await vi.waitUntil(() => printed.includes('READY'));
  printed = '';
  const fd = openSync((program as unknown as { ptsName: string }).ptsName, constants.O_WRONLY | constants.O_NOCTTY);
  onTestFinished(async () => {
    closeSync(fd);
    program.kill('SIGKILL');
    await vi.waitUntil(() => over);
  });
  return { program, fd, printed: () => printed };
};

test('what a terminal has room for is written before anything else happens, without a thread that has to be woken', async () => {
  const { fd, printed } = await openTerminal();
  const output = fdOutput(fd);
  let drained = 0;
  output.onDrain(() => {
    drained += 1;
  });
  expect([output.write('one '), output.write('two')]).toEqual([true, true]);
  await vi.waitUntil(() => printed() === 'one two');
  expect(drained).toBe(0);
});

test('a terminal that takes no more holds nobody up, and gets all of it in order', async () => {
  const { program, fd, printed } = await openTerminal();
  const output = fdOutput(fd);
  let drained = 0;
  output.onDrain(() => {
    drained += 1;
  });
  program.pause();
  const pieces = Array.from({ length: 40 }, (_, i) => `${String(i).padStart(3, '0')}${'.'.repeat(8189)}`);
  const taken = pieces.map((piece) => output.write(piece));
  expect([taken[0], taken.at(-1), drained]).toEqual([true, false, 0]);
  program.resume();
  await vi.waitUntil(() => drained === 1);
  await vi.waitUntil(() => printed().length === pieces.join('').length);
  expect(printed()).toBe(pieces.join(''));
  expect(output.write('!')).toBe(true);
});
