import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeBackoffs } from '../../../src/daemon/actions/backoffs.ts';

const MINUTE_MS = 60_000;
const MOST_A_MINUTE = 12;

/** When an action is begun that always leaves everything as it was, if it takes so long each time and is looked at so often. */
const beginnings = (lasts: readonly number[], looks: readonly number[], until: number): readonly number[] => {
  let now = 0;
  const backoffs = makeBackoffs(() => now);
  const subject = [{}];
  const begun: number[] = [];
  for (let n = 0; now < until; n += 1) {
    const ms = backoffs.restMs('start t1 a-1', subject);
    if (ms > 0) {
      now += Math.min(ms, looks[n % looks.length]!);
      continue;
    }
    begun.push(now);
    now += lasts[n % lasts.length]!;
    backoffs.over('start t1 a-1', subject, subject);
  }
  return begun;
};

const times = (min: number) => fc.array(fc.integer({ min, max: 3000 }), { minLength: 1, maxLength: 20 });

test('what always leaves everything as it was is begun a few times a minute, and never given up', () => {
  fc.assert(
    fc.property(times(0), times(1), (lasts, looks) => {
      const begun = beginnings(lasts, looks, 5 * MINUTE_MS);
      for (const from of begun)
        expect(begun.filter((at) => at >= from && at < from + MINUTE_MS).length).toBeLessThanOrEqual(MOST_A_MINUTE);
      expect(begun.at(-1)).toBeGreaterThan(5 * MINUTE_MS - 15_000);
    }),
  );
});

test('what is asked for anew is begun at once, and what has done something is not held back', () => {
  const backoffs = makeBackoffs(() => 0);
  const [before, after] = [
    [{}, undefined],
    [{}, undefined],
  ];
  backoffs.over('launch a-1', before, before);
  expect(backoffs.restMs('launch a-1', before)).toBe(100);
  expect(backoffs.restMs('launch a-1', after)).toBe(0);
  backoffs.over('launch a-1', before, before);
  backoffs.over('launch a-1', before, before);
  expect(backoffs.restMs('launch a-1', before)).toBe(200);
  backoffs.over('launch a-1', before, after);
  expect(backoffs.restMs('launch a-1', after)).toBe(0);
  backoffs.over('launch a-1', after, after);
  expect(backoffs.restMs('launch a-1', after)).toBe(100);
  backoffs.keep(new Set(['launch a-2']));
  expect(backoffs.restMs('launch a-1', after)).toBe(0);
});
