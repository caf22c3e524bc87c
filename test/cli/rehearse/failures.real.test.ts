import { expect, test } from 'vitest';
import type { FailureTrial } from '../../../src/text/failure-trial.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain } from '../../helpers/io.ts';

const rehearse = async (failure: string, ms: number, ...more: readonly string[]) => {
  using folder = temporaryFolder('failure');
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, LANG: 'C.UTF-8' };
  return runMain(['rehearse', '--failure', failure, String(ms), ...more], { cwd: folder.path, env });
};

test('[QUA-4] a crash is made, and it is measured until the task is done all the same', async () => {
  const { exit, stdout } = await rehearse('instance-crash', 60_000, '--json');
  const { recovered, seconds } = JSON.parse(stdout) as FailureTrial;
  expect([exit, recovered]).toEqual([0, true]);
  expect(seconds).toBeGreaterThan(0);
});

test('[QUA-4] what takes longer than was allowed is told, and is exit 1', async () => {
  const { exit, stdout } = await rehearse('agent-hang', 500);
  expect([exit, stdout]).toEqual([
    1,
    'agent-hang on a rehearsal: not well again within 0.5 s; what it waited for did not come.\n',
  ]);
  expect((await rehearse('flood', 500)).exit).toBe(2);
});
