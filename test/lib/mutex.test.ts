import { expect, test } from 'vitest';
import { makeKeyedMutex, makeMutex } from '../../src/lib/mutex.ts';

test('what shares a mutex runs in the order of the calls, also after a failure', async () => {
  const mutex = makeMutex();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const all = [
    mutex(async () => {
      await gate.promise;
      log.push('first');
      throw new Error('no');
    }),
    mutex(async () => log.push('second')),
  ];
  gate.resolve();
  expect((await Promise.allSettled(all)).map((one) => one.status)).toEqual(['rejected', 'fulfilled']);
  expect(log).toEqual(['first', 'second']);
});

test('different keys do not wait for each other', async () => {
  const alone = makeKeyedMutex();
  const gate = Promise.withResolvers<void>();
  const a = alone('a', () => gate.promise);
  const later = alone('a', async () => 'after the first');
  expect(await alone('b', async () => 'at once')).toBe('at once');
  gate.resolve();
  await a;
  expect(await later).toBe('after the first');
});
