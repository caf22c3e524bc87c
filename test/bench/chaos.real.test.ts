import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { firstOf } from '../../bench/chaos/plan.ts';

const KINDS = ['daemon-kill', 'client-kill', 'broker-kill', 'spool-damage'];

test.skipIf(process.platform !== 'linux')(
  '[QUA-6] a few faults of a seed under load: all tasks end, no event is lost, and the injections are those of the seed',
  () => {
    const argv = [resolve('bench/chaos.mjs'), '--seed', '4', '--steps', '3', '--only', KINDS.join(',')];
    argv.push('--agents', '1', '--clients', '1');
    const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('0 findings in 3 injections')]);
    const { injections, acknowledged, tasks, heard } = JSON.parse(stdout) as {
      injections: object[];
      acknowledged: number;
      tasks: number;
      heard: number;
    };
    expect(injections).toMatchObject(firstOf(4, 3, KINDS));
    expect(Math.min(acknowledged, tasks, heard)).toBeGreaterThan(0);
  },
  180_000,
);
