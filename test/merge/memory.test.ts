import { expect, test } from 'vitest';
import { conflictedText, conflictName, isUndecided } from '../../src/merge/memory.ts';

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
