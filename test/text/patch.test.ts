import { expect, test } from 'vitest';
import { parsePatch } from '../../src/text/patch.ts';

test('a patch is read file by file with the numbers of both sides', () => {
  const [file] = parsePatch(
    [
      'diff --git a/src/a.ts b/src/a.ts',
      'index 1111111..2222222 100644',
      '--- a/src/a.ts',
      '+++ b/src/a.ts',
      '@@ -10,3 +10,3 @@ const f = () => {',
      ' same',
      '-old',
      '+new',
      ' end',
      '\\ No newline at end of file',
      '',
    ].join('\n'),
  );
  expect(file).toMatchObject({ path: 'src/a.ts', content: '2222222', binary: false });
  expect(file?.hunks).toEqual([
    {
      where: 'const f = () => {',
      lines: [
        { kind: 'same', oldLine: 10, newLine: 10, text: 'same' },
        { kind: 'removed', oldLine: 11, newLine: null, text: 'old' },
        { kind: 'added', oldLine: null, newLine: 11, text: 'new' },
        { kind: 'same', oldLine: 12, newLine: 12, text: 'end' },
      ],
    },
  ]);
});

test('lines that look like those of git itself are lines of the file', () => {
  const [file, ...others] = parsePatch(
    [
      'diff --git a/q.sql b/q.sql',
      'index 1..2 100644',
      '--- a/q.sql',
      '+++ b/q.sql',
      '@@ -1,2 +1,3 @@',
      '--- a comment',
      '-diff --git a/x b/x',
      '+++ plus',
      '+@@ -1 +1 @@',
      '+',
    ].join('\n'),
  );
  expect(others).toEqual([]);
  expect(file?.hunks[0]?.lines.map(({ kind, text }) => [kind, text])).toEqual([
    ['removed', '-- a comment'],
    ['removed', 'diff --git a/x b/x'],
    ['added', '++ plus'],
    ['added', '@@ -1 +1 @@'],
    ['added', ''],
  ]);
});

test('binary files, modes, quoted names and a cut end are told as far as they are there', () => {
  const files = parsePatch(
    [
      'diff --git a/logo.png b/logo.png',
      'new file mode 100644',
      'index 0000000..3333333',
      'Binary files /dev/null and b/logo.png differ',
      'diff --git "a/\\303\\244 \\"b\\".txt" "b/\\303\\244 \\"b\\".txt"',
      'old mode 100644',
      'new mode 100755',
      'diff --git a/cut.txt b/cut.txt',
      'index 1..2 100644',
      '@@ -1,5 +1,9 @@',
      '+only this',
    ].join('\n'),
  );
  expect(files.map(({ path, binary, notes, hunks }) => [path, binary, notes, hunks.length])).toEqual([
    ['logo.png', true, ['new file mode 100644'], 0],
    ['ä "b".txt', false, ['old mode 100644', 'new mode 100755'], 0],
    ['cut.txt', false, [], 1],
  ]);
});
