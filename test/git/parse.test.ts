import { expect, test } from 'vitest';
import { parseMerge, parseShortstat, parseStatus, parseWorktrees } from '../../src/git/parse.ts';

test('a list of worktrees tells branches, detached ones and any path', () => {
  const text =
    'worktree /a\nb c\0HEAD 1\0branch refs/heads/x/y\0\0worktree /d\0HEAD 2\0detached\0locked\0\0worktree /e\0bare\0\0';
  expect(parseWorktrees(text)).toEqual([
    { path: '/a\nb c', branch: 'x/y' },
    { path: '/d', branch: null },
    { path: '/e', branch: null },
  ]);
});

test('a status tells changed, conflicting and unknown paths, whatever they are called', () => {
  const text = [
    '# branch.oid abc',
    '# branch.head main',
    '1 .M N... 100644 100644 100644 1 1 a file',
    'u UU N... 100644 100644 100644 100644 1 2 3 with\nnewline',
    '? new file',
    '',
  ].join('\0');
  expect(parseStatus(text)).toEqual({ head: 'abc', branch: 'main', dirty: ['a file', 'with\nnewline', 'new file'] });
  expect(parseStatus('# branch.oid (initial)\0# branch.head (detached)\0')).toEqual({
    head: '',
    branch: null,
    dirty: [],
  });
});

test('a short statistic may miss any of its numbers', () => {
  expect(parseShortstat(' 2 files changed, 1 insertion(+), 3 deletions(-)\n')).toEqual({
    files: 2,
    insertions: 1,
    deletions: 3,
  });
  expect(parseShortstat(' 1 file changed, 3 deletions(-)\n')).toEqual({ files: 1, insertions: 0, deletions: 3 });
  expect(parseShortstat('')).toEqual({ files: 0, insertions: 0, deletions: 0 });
});

test('a merge tells its tree, its conflicting files once each, and only the messages about conflicts', () => {
  const text = [
    'tree',
    'a',
    'b',
    'a',
    '',
    '1',
    'a',
    'Auto-merging',
    'Auto-merging a\n',
    '2',
    'a',
    'b',
    'CONFLICT (rename/delete)',
    'CONFLICT: a\n',
    '',
  ].join('\0');
  expect(parseMerge(text)).toEqual({
    tree: 'tree',
    files: ['a', 'b'],
    detail: 'CONFLICT: a',
    types: ['CONFLICT (rename/delete)'],
  });
  expect(parseMerge('tree\0')).toEqual({ tree: 'tree', files: [], detail: '', types: [] });
});

test('output that ends early is read as far as it goes', () => {
  expect(parseWorktrees('nonsense\0\0')).toEqual([{ path: '', branch: null }]);
  expect(parseStatus('')).toEqual({ head: '', branch: '', dirty: [] });
  expect(parseMerge('tree\0a\0\0' + '9\0a\0CONFLICT')).toEqual({ tree: 'tree', files: ['a'], detail: '', types: [] });
});
