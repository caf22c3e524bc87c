import { expect, test } from 'vitest';
import { diskJudgement } from '../../../src/daemon/health/edge-health.ts';
import { findLack } from '../../../src/daemon/watch/watch-disk.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

const MEGABYTE = 1024 * 1024;
type Files = { readonly free: number; readonly all: number };

const lackWith = (room: number, count: Files | null, limitMb = 500): Promise<string | undefined> =>
  findLack(
    servicesWith({
      ...servicesOn({
        files: { room: async () => room * MEGABYTE, freeFiles: async () => count },
        paths: { worktrees: '/w' },
      }),
      settings: settingsSchema.parse({ limits: { disk_mb: limitMb } }),
    }),
  );

test('a disk lacks room for which there are few bytes or few files, and says which', async () => {
  const many = { free: 900_000, all: 1_000_000 };
  expect(await lackWith(600, many)).toBeUndefined();
  expect(await lackWith(400, many)).toBe('400 MB are free on the disk of /w, and limits.disk_mb is 500');
  expect(await lackWith(600, { ...many, free: 12 })).toBe('12 more files fit on the disk of /w');
  expect(await lackWith(600, { ...many, free: 0 })).toBe('0 more files fit on the disk of /w');
  // One that has no number of files, a small one, and one that nobody wants looked at.
  expect(await lackWith(600, null)).toBeUndefined();
  expect(await lackWith(600, { free: 4000, all: 16_000 })).toBeUndefined();
  expect(await lackWith(1, { ...many, free: 0 }, 0)).toBeUndefined();
});

test('the journal is in danger where few files fit on its disk, and not where that has no number of them', () => {
  const judged = (free: number, all: number) => diskJudgement(900 * MEGABYTE, { free, all });
  expect(judged(0, 0)).toEqual({ state: 'ok', why: null });
  expect(judged(900_000, 1_000_000)).toEqual({ state: 'ok', why: null });
  expect(judged(12, 1_000_000)).toEqual({ state: 'degraded', why: 'Only 12 more files fit on its disk.' });
  expect(judged(0, 1_000_000)).toMatchObject({ state: 'failed' });
});
