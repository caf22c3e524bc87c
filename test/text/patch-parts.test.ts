import { expect, test } from 'vitest';
import { drawPatch, patchParts } from '../../src/text/patch-parts.ts';

const PATCH = `diff --git a/query.sql b/query.sql
index 1111111..2222222 100644
--- a/query.sql
+++ b/query.sql
@@ -1,3 +1,3 @@
 select 1;
--- an old comment
+++ a new one
 @@ no head
\\ No newline at end of file
diff --git a/pic.png b/pic.png
Binary files a/pic.png and b/pic.png differ`;

test('each line of a patch is told by where it stands, not by its first characters alone', () => {
  expect(patchParts(PATCH.split('\n'))).toEqual([
    ...['head', 'head', 'head', 'head', 'hunk'],
    ...[null, 'removed', 'added', null, null],
    ...['head', 'head'],
  ]);
});

test('what is no patch has no parts', () => {
  const said = ['- one', '+ two', '@@ three', '', 'a-1 has changed nothing.'];
  expect(patchParts(said)).toEqual(said.map(() => null));
});

test('a patch is printed as it is, and in colours where these are wanted', () => {
  expect(drawPatch(PATCH, false)).toBe(PATCH);
  const lines = drawPatch(PATCH, true).split('\n');
  expect(lines[0]).toBe('\u001B[1mdiff --git a/query.sql b/query.sql\u001B[0m');
  expect(lines.slice(4, 8)).toEqual([
    '\u001B[36m@@ -1,3 +1,3 @@\u001B[0m',
    ' select 1;',
    '\u001B[31m--- an old comment\u001B[0m',
    '\u001B[32m+++ a new one\u001B[0m',
  ]);
});
