import { createRequire } from 'node:module';
import { expect, onTestFinished, test, vi } from 'vitest';
import { diffLines } from '../../../src/tui/tabs/diff-lines.ts';

const PATCH = `diff --git a/src/a.ts b/src/a.ts
index 1111111..2222222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -9,3 +9,3 @@ export const one = 1;
 const kept = true;
-const old = 'x';
+const next = "\u001B[31mred";
\\ No newline at end of file
diff --git a/pic.png b/pic.png
Binary files a/pic.png and b/pic.png differ
`;

const data = {
  id: 'claude-1',
  from: 'a',
  to: 'b',
  uncommitted: false,
  files: [
    { path: 'src/a.ts', insertions: 1, deletions: 1 },
    { path: 'pic.png', insertions: null, deletions: null },
  ],
  patch: PATCH,
  cut: true,
};

test('a diff has its files in short, then each with line numbers, its control sequences to be read', () => {
  const lines = diffLines(data).map(({ pieces, right = [] }) => [...pieces, ...right].map(({ text }) => text).join(''));
  expect(lines.map((line) => line.trimEnd())).toEqual([
    ' src/a.ts+1 −1',
    ' pic.pngbinary',
    '',
    ' src/a.ts',
    'lines 9–11 · export const one = 1;',
    '    9   const kept = true;',
    "      − const old = 'x';",
    String.raw`   10 + const next = "\u001b[31mred";`,
    '\\ No newline at end of file',
    '',
    ' pic.png',
    'Binary files a/pic.png and b/pic.png differ',
    '… the rest is left out',
  ]);
});

test('a diff is read once for each answer, and only lines that are shown get colours', () => {
  const { default: highlighter } = createRequire(import.meta.url)('highlight.js/lib/common') as {
    default: typeof import('highlight.js').default;
  };
  const highlight = vi.spyOn(highlighter, 'highlight');
  onTestFinished(() => highlight.mockRestore());
  const answer = { ...data };
  const lines = diffLines(answer);
  expect(highlight).not.toHaveBeenCalled();
  const shown = () => diffLines(answer)[5]?.pieces.map(({ text }) => text);
  expect([shown(), shown()]).toEqual([lines[5]?.pieces.map(({ text }) => text), expect.arrayContaining(['const'])]);
  expect(highlight).toHaveBeenCalledTimes(1);
  expect(diffLines(answer)).toBe(lines);
});

test.each([
  ['@@ -9 +9 @@', 'line 9'],
  ['@@ -9,2 +10,4 @@', 'lines 10–13'],
  ['@@ -9,2 +8,0 @@', 'lines 9–10'],
])('above the change %s stands that it is about %s', (head, text) => {
  const patch = `diff --git a/a b/a\n${head}\n`;
  expect(diffLines({ ...data, patch, files: [], cut: false }).at(-1)?.pieces[0]?.text).toBe(text);
});
