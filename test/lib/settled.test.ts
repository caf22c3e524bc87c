import { expect, test } from 'vitest';
import { allOrFirstFailure } from '../../src/lib/settled.ts';

test('all are waited for, and the first of those that failed is thrown, whichever failed earlier', async () => {
  const slow = Promise.withResolvers<void>();
  const ended: string[] = [];
  const last = slow.promise.then(() => {
    ended.push('last');
    throw new Error('first of the list');
  });
  const all = allOrFirstFailure([last, Promise.reject(new Error('second of the list'))]);
  slow.resolve();
  await expect(all).rejects.toThrow('first of the list');
  expect(ended).toEqual(['last']);
});

test('nothing is thrown where all succeed', async () => {
  await expect(allOrFirstFailure([Promise.resolve(1), Promise.resolve(2)])).resolves.toBeUndefined();
});
