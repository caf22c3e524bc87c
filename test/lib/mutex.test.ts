import { expect, test } from 'vitest';
import { makeKeyedMutex, makeMutex, makeTurns } from '../../src/lib/mutex.ts';

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

test('so many places are taken at once and no more, in the order of the calls, also after a failure', async () => {
  const inTurn = makeTurns(() => 2);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = gates.map(({ promise }, n) =>
    inTurn(async () => {
      begun.push(n);
      await promise;
      if (n === 0) throw new Error('no');
      return n;
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  gates[0]!.resolve();
  await expect(all[0]).rejects.toThrow('no');
  for (const { resolve } of gates.slice(1)) resolve();
  expect(await Promise.all(all.slice(1))).toEqual([1, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('more places than before are taken as soon as somebody leaves', async () => {
  let places = 1;
  const inTurn = makeTurns(() => places);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = gates.map(({ promise }, n) => inTurn(() => promise.then(() => void begun.push(n))));
  places = 3;
  gates[0]!.resolve();
  await all[0];
  for (const n of [3, 2, 1]) gates[n]!.resolve();
  await Promise.all(all);
  expect(begun.toSorted()).toEqual([0, 1, 2, 3]);
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
