import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('[QUA-8] the numbers that must be kept are one table of six rows, and a miss is exit 1', {
  timeout: 180_000,
}, () => {
  const argv = [resolve('bench/nfr.mjs'), '--quick'];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const { limits, not_measured } = JSON.parse(stdout) as {
    limits: { measurement: string; name: string; limit: number; unit: string; ok: boolean }[];
    not_measured: string[];
  };
  expect(not_measured).toEqual([]);
  expect(limits.map(({ measurement, limit, unit }) => [measurement, limit, unit])).toEqual([
    ['instances', 5, 'or more'],
    ['updates', 1000, 'ms'],
    ['store', 100, 'ms'],
    ['overhead', 500, 'MB'],
    ['ready', 10_000, 'ms'],
    ['ready-large', 10_000, 'ms'],
  ]);
  for (const { name } of limits) expect(stderr).toMatch(new RegExp(`(?:ok|MISSED) +[\\w-]+ +${name}`, 'u'));
  expect(status).toBe(limits.every(({ ok }) => ok) ? 0 : 1);
});
