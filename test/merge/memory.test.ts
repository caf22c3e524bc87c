import { expect, test } from 'vitest';
import type { Hunk, MarkedText } from '../../src/merge/hunks.ts';
import { conflictedText, conflictName, isConfined, isSamePlace, isUndecided } from '../../src/merge/memory.ts';

const above = ['title\n'];
const hunk = { base: ['hello\n'], ours: ['good morning\n'], theirs: ['good evening'] };

test('a conflict is the same one whichever side is merged into the other, and wherever it stands in its file', () => {
  const turned = { base: [], ours: ['good evening\n'], theirs: ['good morning\n'] };
  expect(conflictName('app.txt', [above, hunk])).toBe(conflictName('app.txt', [turned, ['end\n']]));
  expect(conflictName('app.txt', [hunk])).not.toBe(conflictName('other.txt', [hunk]));
  expect(conflictName('app.txt', [hunk])).not.toBe(conflictName('app.txt', [{ ...hunk, ours: [] }]));
  expect(conflictedText([above, hunk])).toBe(conflictedText([above, turned]));
});

test('what is kept of a conflict can be told from a text that is decided', () => {
  expect(isUndecided(conflictedText([above, hunk]))).toBe(true);
  expect(isUndecided('title\n<<<<<<< HEAD\n=======\n>>>>>>> other\n')).toBe(false);
});

const text = (before: readonly string[], after: readonly string[], one: Hunk = hunk): MarkedText => [
  before,
  one,
  after,
];

test('lines that one side only took away are the same conflict where they were the same lines', () => {
  const taken = { base: ['max=5\n'], ours: [], theirs: ['max=7\n'] };
  const other = { ...taken, base: ['max=9\n'] };
  expect(conflictName('a', [taken])).toBe(conflictName('a', [{ ...taken, ours: taken.theirs, theirs: [] }]));
  expect(conflictName('a', [taken])).not.toBe(conflictName('a', [other]));
});

test('what was made of a conflict counts only where nothing else was changed with it', () => {
  const remembered = conflictedText([['a\n'], hunk, ['b\n'], hunk, ['c\n']]);
  expect(isConfined(remembered, 'a\nx\nb\ny\nz\nc\n')).toBe(true);
  expect(isConfined(remembered, 'a\nb\nc\n')).toBe(true);
  for (const more of ['a\nx\nb\ny\nC\n', 'A\nx\nb\ny\nc\n', 'a\nx\nB\ny\nc\n', 'a\nc\n', 'a\n', ''])
    expect([more, isConfined(remembered, more)]).toEqual([more, false]);
  expect(isConfined(conflictedText([['a\n'], hunk, ['a\n']]), 'a\n')).toBe(false);
});

test('the same lines in another part of the file are another conflict', () => {
  const first = ['[first]\n', 'name=x\n'];
  const second = ['[second]\n', 'name=x\n'];
  const rest = ['retries=3\n'];
  const remembered = conflictedText(text(first, [...rest, ...second, 'greeting\n', ...rest]));
  const same = (...parts: Parameters<typeof text>) => isSamePlace(remembered, conflictedText(text(...parts)));
  expect(same(first, rest)).toBe(true);
  expect(same(['new\n', ...first], [...rest, 'end\n'])).toBe(false);
  expect(same(['new\n', 'title\n', ...first], [...rest, ...second, 'greeting\n'])).toBe(true);
  expect(same([...first, 'greeting\n', ...rest, ...second], rest)).toBe(false);
  expect(isSamePlace(remembered, conflictedText([first, hunk, rest, hunk]))).toBe(false);
});
