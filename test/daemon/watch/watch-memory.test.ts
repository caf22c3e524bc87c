import { expect, test } from 'vitest';
import { findMemoryLack } from '../../../src/daemon/watch/watch-memory.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

const lackWith = (meminfo: string | null, limitMb = 256, isTold = false): Promise<string | undefined> =>
  findMemoryLack(
    servicesWith({
      ...servicesOn({
        files: {
          readText: async () => {
            if (meminfo === null) throw new Error('ENOENT');
            return meminfo;
          },
        },
      }),
      settings: settingsSchema.parse({ limits: { memory_mb: limitMb } }),
    }),
    isTold,
  );

const available = (mb: number): string =>
  `MemTotal:       25165824 kB\nMemFree:          102400 kB\nMemAvailable: ${mb * 1024 + 1} kB\nBuffers: 1 kB\n`;

test('[REC-5] memory is short where less than the limit is available, which is more than what is free', async () => {
  expect(await lackWith(available(256))).toBeUndefined();
  expect(await lackWith(available(255))).toBe('255 MB of memory are available, and limits.memory_mb is 256');
  expect(await lackWith(available(0))).toBe('0 MB of memory are available, and limits.memory_mb is 256');
  expect(await lackWith(available(0), 0)).toBeUndefined();
});

test('where the kernel does not say what is available, nothing is held back', async () => {
  for (const text of [null, '', 'MemFree: 1 kB\n']) expect(await lackWith(text)).toBeUndefined();
});

test('what was told is over only when clearly more is available, so that it does not come and go', async () => {
  expect(await lackWith(available(300), 256, true)).toMatch(/^300 MB/u);
  expect(await lackWith(available(320), 256, true)).toBeUndefined();
});
