import { expect, test } from 'vitest';
import {
  afterCursor,
  beforeCursor,
  CURSOR_TARGETS,
  charactersOf,
  lineOf,
  moveCursor,
  undoSteps,
} from '../../../src/tui/prompt/prompt-text.ts';

const FAMILY = '👨‍👩‍👧';

test('characters are what people count as one', () => {
  expect(charactersOf(`a${FAMILY}e\u0301`)).toEqual(['a', FAMILY, 'e\u0301']);
});

test('a line is cut at its cursor, also between two characters that would join', () => {
  const line = lineOf('e', '\u0301x');
  expect([line.cursor, beforeCursor(line), afterCursor(line)]).toEqual([1, 'e', '\u0301x']);
});

test.each([
  ['left', 7],
  ['right', 9],
  ['word-left', 5],
  ['word-right', 13],
  ['start', 0],
  ['end', 13],
] as const)('%s leads to character %d', (target, at) => {
  const line = lineOf('stop all', '  now');
  const moved = moveCursor(line, CURSOR_TARGETS[target](line));
  expect([moved.cursor, moved.characters.join('')]).toEqual([at, 'stop all  now']);
});

test('no move leaves the line', () => {
  expect(CURSOR_TARGETS.left(lineOf('', 'x'))).toBe(0);
  expect(CURSOR_TARGETS.right(lineOf('x', ''))).toBe(1);
});

test('each word with the blanks behind it is one step to take back', () => {
  expect(undoSteps('  stop all  now')).toEqual(['  ', 'stop ', 'all  ', 'now']);
  expect(undoSteps('')).toEqual([]);
});
