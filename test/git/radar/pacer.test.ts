import { expect, test } from 'vitest';
import { makePacer } from '../../../src/git/radar/pacer.ts';

test('after a rest work begins at once, one piece at a time', async () => {
  let now = 0;
  const pace = makePacer(() => now);
  const order: string[] = [];
  const piece = (name: string) =>
    pace(async () => {
      order.push(`${name} begins`);
      now += 10;
      order.push(`${name} ends`);
    });
  await Promise.all([piece('a'), piece('b')]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('work that takes long is followed by a pause, which an abort ends', async () => {
  let now = 0;
  const pace = makePacer(() => now);
  await pace(async () => {
    now += 500_000;
  });
  const stop = new AbortController();
  const begun = performance.now();
  const next = pace(async () => performance.now() - begun, { signal: stop.signal });
  stop.abort();
  expect(await next).toBeLessThan(1500);
});

test('what fails does not hold up what comes next', async () => {
  const pace = makePacer();
  await expect(pace(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await pace(async () => 'yes')).toBe('yes');
});

test('what is done once delays nothing', async () => {
  let now = 0;
  const pace = makePacer(() => now);
  const long = async () => {
    now += 500_000;
  };
  for (let i = 0; i < 10; i += 1) await pace(long, { isFree: true });
  const begun = performance.now();
  expect(await pace(async () => performance.now() - begun)).toBeLessThan(500);
});
