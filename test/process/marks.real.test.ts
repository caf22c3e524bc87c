import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { makeMarks, readPsMarks } from '../../src/process/marks.ts';
import { testProcesses } from '../helpers/processes.ts';

test('a process keeps its mark, another one has another, and one that has ended has none', async () => {
  const marks = makeMarks(testProcesses(), { PATH: process.env['PATH'] ?? '' }, new AbortController().signal);
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pids = [process.pid, child.pid!];
  const [first, again] = [await marks(pids), await marks(pids)];
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(again).toEqual(first);
  expect(first.get(child.pid!)).not.toBe(first.get(process.pid));
  expect([...(await marks(pids)).keys()]).toEqual([process.pid]);
});

test('what ps prints is read as far as it tells something', () => {
  const printed = ['    1 Sat Nov 21 03:24:27 2026    ', ' 412 Sun Nov  1 09:00:05 2026', 'nothing of the kind', ''];
  expect(readPsMarks(printed.join('\n'))).toEqual(
    new Map([
      [1, 'Sat Nov 21 03:24:27 2026'],
      [412, 'Sun Nov  1 09:00:05 2026'],
    ]),
  );
});
