import { expect, test } from 'vitest';
import { makeEndCauses } from '../../../src/daemon/watch/end-cause.ts';
import type { Target } from '../../../src/ports/target.ts';
import { partOf } from '../../helpers/context.ts';

const MEGABYTE = 1024 * 1024;
const INSTANCE = { workspace_path: '/w/a-1' };
const KILLED = { code: null, signal: 'SIGKILL' };
const CRASHED = { code: 1, signal: null };

/** A machine with so much room, whose kernel counts whom it ended. */
const machine = (room: number | null = 900 * MEGABYTE) => {
  let now = 0;
  let count: number | null = 3;
  let reads = 0;
  const files = partOf<Target['files']>({
    readText: async (path) => {
      reads += 1;
      return path === '/proc/vmstat' && count !== null ? `pgfault 12\noom_kill ${count}\noom_kill_x 99\n` : null;
    },
    room: async () => room,
  });
  const causes = makeEndCauses(partOf<Target>({ files }), () => now);
  return {
    causes,
    reads: () => reads,
    pass: (ms: number) => {
      now += ms;
    },
    counts: (next: number | null) => {
      count = next;
    },
  };
};

test('a program is killed for want of memory only where the kernel ended one about then', async () => {
  const { causes, counts } = machine();
  // Of what was before nobody knows.
  expect(await causes.find(KILLED, INSTANCE)).toBeUndefined();
  counts(4);
  expect(await causes.find(CRASHED, INSTANCE)).toBeUndefined();
  expect(await causes.find(KILLED, INSTANCE)).toEqual({
    class: 'memory',
    evidence: 'the kernel ended programs just then because no memory was left',
  });
  expect(await causes.find(KILLED, INSTANCE)).toBeUndefined();
  counts(5);
  expect(await causes.find({ code: 137, signal: null }, INSTANCE)).toMatchObject({ class: 'memory' });
  counts(null);
  expect(await causes.find(KILLED, INSTANCE)).toBeUndefined();
});

test('the count is read now and then, so that what the kernel did long before is not held against anybody', async () => {
  const { causes, counts, pass, reads } = machine();
  for (const ms of [0, 1000, 1000, 1000]) {
    pass(ms);
    await causes.note();
  }
  expect(reads()).toBe(2);
  counts(9);
  pass(2000);
  await causes.note();
  expect(await causes.find(KILLED, INSTANCE)).toBeUndefined();
});

test('a program that ends in failure on a full disk has failed for that, and one that ended well has not', async () => {
  const { causes } = machine(3 * MEGABYTE);
  expect(await causes.find(CRASHED, INSTANCE)).toEqual({
    class: 'disk',
    evidence: '3 MB are free on the disk of /w/a-1',
  });
  expect(await causes.find({ code: 0, signal: null }, INSTANCE)).toBeUndefined();
  expect(await machine(16 * MEGABYTE).causes.find(CRASHED, INSTANCE)).toBeUndefined();
  expect(await machine(null).causes.find(CRASHED, INSTANCE)).toBeUndefined();
});
