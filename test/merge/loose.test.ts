import { expect, test } from 'vitest';
import { type Hunk, isLoose } from '../../src/merge/hunks.ts';
import { decideWhitespace } from '../../src/merge/whitespace.ts';

const lines = (text: string): string[] => (text === '' ? [] : text.split('|').map((line) => `${line}\n`));
const hunk = (base: string, ours: string, theirs: string): Hunk => ({
  base: lines(base),
  ours: lines(ours),
  theirs: lines(theirs),
});

test.each([
  ['entries of a list', hunk('', '- a', '- b'), true],
  ['the same entry of both', hunk('', '- a|- c', '- b|- c'), true],
  ['a section of both', hunk('', '## 1.1|### Fixed|- a', '## 1.0.1|### Fixed|- b'), false],
  ['a fenced block of both', hunk('', '```|x|```', '```|y|```'), false],
  ['a pattern that takes another one back', hunk('', '!keep.log', '*.log'), false],
  ['a line twice on one side', hunk('', 'a|a', 'b'), false],
])('whether %s may stand beside each other unasked', (_what, one, expected) => {
  expect(isLoose(one)).toBe(expected);
});

test.each(['a.diff', 'a.mdx', 'README.MD', 'setup.cfg', 'a.elm', 'justfile', 'run.sh', 'Makefile', 'a.py', 'LICENSE'])(
  'indentation in %s is a change as any other',
  (path) => {
    expect(decideWhitespace(path, hunk('a', '  a', 'b'))).toBeUndefined();
  },
);

test('in a language to which blanks say nothing the other side stands', () => {
  expect(decideWhitespace('src/a.ts', hunk('a', '  a', 'b'))).toEqual(['b\n']);
});
