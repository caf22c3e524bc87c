import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

const cut = (...more: readonly string[]) =>
  spawnSync(process.execPath, [resolve('bench/chaos.mjs'), '--agents', '1', '--clients', '1', ...more], {
    encoding: 'utf8',
  });

test.skipIf(process.platform !== 'linux' || isRoot)('without root a power cut is refused in one sentence', () => {
  const { status, stderr } = cut('--cuts', '1');
  expect([status, stderr]).toEqual([2, 'A power cut needs root, who may mount a disk of its own.\n']);
});

test.skipIf(!isRoot)(
  '[QUA-6] [STO-2] power cuts under load take nothing that was acknowledged, unless nothing is synced',
  () => {
    const { stdout, stderr, status } = cut('--cuts', '2', '--seed', '7');
    expect([status, stderr]).toEqual([0, expect.stringContaining('0 findings in 2 power cuts')]);
    const { acknowledged, told } = JSON.parse(stdout) as { acknowledged: number; told: number };
    expect(Math.min(acknowledged, told)).toBeGreaterThan(0);
    const control = cut('--cuts', '2', '--seed', '7', '--unsynced');
    expect([control.status, control.stderr]).toEqual([1, expect.stringContaining('acknowledged was')]);
  },
  180_000,
);
