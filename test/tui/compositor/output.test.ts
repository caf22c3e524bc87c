import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { inkStdout } from '../../../src/tui/compositor/ink-streams.ts';
import { fdOutput } from '../../../src/tui/compositor/output.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('text is written in order, at once when the program is about to end', async () => {
  using folder = temporaryFolder('output');
  const file = `${folder.path}/tty`;
  const fd = openSync(file, 'w');
  const output = fdOutput(fd);
  let drained = 0;
  output.onDrain(() => {
    drained += 1;
  });
  expect(output.write('one ')).toBe(false);
  await vi.waitUntil(() => drained === 1);
  output.writeNow('two ');
  output.write('three');
  await vi.waitUntil(() => drained === 2);
  expect(readFileSync(file, 'utf8')).toBe('one two three');
  closeSync(fd);
});

test('a terminal that is gone does not hold up the program', async () => {
  using folder = temporaryFolder('output');
  const fd = openSync(`${folder.path}/tty`, 'w');
  const readOnly = openSync(`${folder.path}/tty`, 'r');
  const output = fdOutput(readOnly);
  output.writeNow('nobody');
  output.write('nobody');
  await vi.waitUntil(() => output.write('nobody'));
  closeSync(fd);
  closeSync(readOnly);
});

test('only frames of Ink come through, and who waits for a write is answered', async () => {
  const frames: string[] = [];
  const stdout = inkStdout(
    () => ({ width: 20, height: 3 }),
    (frame) => frames.push(frame),
  );
  stdout.write('\u001B[?25l');
  stdout.write('');
  stdout.write('\u001B[?2026h\n');
  await new Promise<void>((resolve) => stdout.write('frame\u001B[1m!', () => resolve()));
  expect(frames).toEqual(['frame\u001B[1m!']);
  expect([stdout.columns, stdout.rows]).toEqual([20, 3]);
});
