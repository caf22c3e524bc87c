import { expect, test } from 'vitest';
import { decideWhitespace } from '../../src/merge/whitespace.ts';

test.each(['notes.md', 'deploy.yaml', 'main.py'])(
  'an empty line that one side added to %s is a change, and is not dropped for the other side',
  (path) => {
    const added = { base: ['  a\n', '  b\n'], ours: ['  a\n', '\n', '  b\n'], theirs: ['  a\n', '  c\n'] };
    expect(decideWhitespace(path, added)).toBeUndefined();
    expect(decideWhitespace(path, { ...added, ours: added.theirs, theirs: added.ours })).toBeUndefined();
    expect(decideWhitespace(path, { base: ['\n'], ours: [], theirs: ['a\n'] })).toBeUndefined();
  },
);

test('where indentation says nothing an empty line does not either', () => {
  const hunk = { base: ['a\n', 'b\n'], ours: ['a\n', '\n', 'b\n'], theirs: ['a\n', 'c\n'] };
  expect(decideWhitespace('main.ts', hunk)).toEqual(hunk.theirs);
});

test('ends of lines and blanks behind them count as nothing where indentation says something', () => {
  const hunk = { base: ['  a\n'], ours: ['  a \r\n'], theirs: ['  b\n'] };
  expect(decideWhitespace('main.py', hunk)).toEqual(hunk.theirs);
});
