import { expect, test } from 'vitest';
import { makePacer } from '../../../src/git/radar/pacer.ts';
import { turns } from '../../daemon/dice.ts';

/** What waits for nothing begins within so many turns of this process; a pause takes seconds. */
const TURNS = 50;

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
  let hasBegun = false;
  const next = pace(
    async () => {
      hasBegun = true;
    },
    { signal: stop.signal },
  );
  await turns(TURNS);
  expect(hasBegun).toBe(false);
  stop.abort();
  await turns(TURNS);
  expect(hasBegun).toBe(true);
  await next;
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
  let hasBegun = false;
  const next = pace(async () => {
    hasBegun = true;
  });
  await turns(TURNS);
  expect(hasBegun).toBe(true);
  await next;
});
