import { expect, test } from 'vitest';
import { keepUpTo } from '../../../src/git/radar/kept.ts';

const weighed = () => keepUpTo<readonly string[]>(10, (names) => names.length);
const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `file-${n}`);

test('what weighs too much together goes, that which was not asked for longest first', () => {
  const kept = weighed();
  for (const key of ['a', 'b', 'c']) kept.set(key, names(4));
  kept.get('a');
  kept.forget();
  expect(['a', 'b', 'c'].map((key) => kept.has(key))).toEqual([true, false, true]);
});

test('one that is heavier than all may be stays until the next, and so do those that are still needed', () => {
  const kept = weighed();
  kept.set('large', names(50));
  kept.forget();
  expect(kept.get('large')).toHaveLength(50);
  kept.set('next', names(8));
  kept.forget(2);
  expect([kept.has('large'), kept.has('next')]).toEqual([true, true]);
  kept.forget();
  expect([kept.has('large'), kept.has('next')]).toEqual([false, true]);
});

test('a value that is set anew weighs once', () => {
  const kept = weighed();
  for (let n = 0; n < 5; n += 1) kept.set('a', names(6));
  kept.set('b', names(4));
  kept.forget();
  expect([kept.has('a'), kept.has('b'), kept.get('none')]).toEqual([true, true, undefined]);
});

test('what nobody asked for during ten minutes goes, however little it weighs', () => {
  let minute = 0;
  const kept = keepUpTo<string>(10, undefined, () => minute * 60_000);
  kept.set('ended', 'a');
  kept.set('at work', 'b');
  minute = 8;
  kept.get('at work');
  minute = 11;
  kept.set('new', 'c');
  kept.forget();
  expect(['ended', 'at work', 'new'].map((key) => kept.has(key))).toEqual([false, true, true]);
});
