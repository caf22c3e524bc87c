import { expect, test } from 'vitest';
import { wordFilter } from '../../../src/tui/model/word-filter.ts';

test('a text passes with all words of the filter, in whichever case and order', () => {
  const passes = wordFilter('  IDLE clau ')!;
  expect(['claude-1 is idle', 'idle', 'Idle CLAUDE', ''].map(passes)).toEqual([true, false, true, false]);
});

test('a filter without a word is none', () => {
  expect([wordFilter(''), wordFilter(' \t ')]).toEqual([null, null]);
});
