import { expect, test } from 'vitest';
import { isOlder } from '../../src/lib/release-order.ts';

test.each([
  ['0.1.0', '0.2.0'],
  ['0.9.0', '0.10.0'],
  ['1.2', '1.2.1'],
  ['1.0.0-rc.1', '1.0.0'],
  ['1.0.0-alpha', '1.0.0-beta'],
  ['v0.9.9', '1.0.0'],
])('%s came before %s, and not the other way', (one, other) => {
  expect([isOlder(one, other), isOlder(other, one)]).toEqual([true, false]);
});

test('a version is not older than itself, and 1.0 is 1.0.0', () => {
  expect([isOlder('1.2.3', '1.2.3'), isOlder('1.0', '1.0.0'), isOlder('1.0-a', '1.0-a')]).toEqual([
    false,
    false,
    false,
  ]);
});
