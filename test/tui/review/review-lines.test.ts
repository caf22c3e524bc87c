import { expect, test } from 'vitest';
import type { ReviewData } from '../../../src/text/review-data.ts';
import { reviewLines } from '../../../src/tui/review/review-lines.ts';
import type { TabLine } from '../../../src/tui/tabs/tab.ts';

const PATCH = [
  'diff --git a/src/a.ts b/src/a.ts',
  'index 1..2 100644',
  '--- a/src/a.ts',
  '+++ b/src/a.ts',
  '@@ -1,3 +1,4 @@',
  ' const one = 1;',
  '-const two = first(2);',
  '+const two = second(2);',
  '+const evil = "\u001b[2J\u202e";',
  ' const three = 3;',
].join('\n');

const comment = { commit: 'c0', file: 'src/a.ts', code: '', by: 'cli', at: '', sent: false } as const;

const data = (changes: Partial<ReviewData> = {}): ReviewData => ({
  task: 't1',
  title: 'Count',
  state: 'done',
  batch: null,
  author: 'claude-1',
  attempt: 1,
  branch: 'feature/t1',
  from: 'c0',
  to: 'c2',
  beyond: null,
  claim: 'done',
  gates: [],
  cost: { id: 't1', title: 'Count', tokens: 0 } as ReviewData['cost'],
  criteria: [{ id: '1.1', text: 'It counts', evidence: [] }],
  others: [],
  files: [{ path: 'src/a.ts', insertions: 2, deletions: 1, content: '2', seen: false }],
  review: { task: 't1', next_comment: 3, comments: [], seen: {}, decisions: [], evidence: [], taken_over: null },
  approved: false,
  policy: 'none',
  folder: null,
  patch: PATCH,
  cut: false,
  ...changes,
});

const textOf = ({ pieces }: TabLine): string =>
  pieces
    .map(({ text }) => text)
    .join('')
    .trimEnd();
const linesOf = (of: ReviewData, isSideBySide: boolean): readonly string[] =>
  reviewLines(of, of, { width: 100, isSideBySide }).map(textOf);
const changeOf = (lines: readonly string[]): readonly string[] => lines.slice(lines.indexOf('· src/a.ts') + 2);

test('[GIT-11] a change reads line below line, or side by side, and nothing in it acts on the terminal', () => {
  const unified = linesOf(data(), false);
  expect(changeOf(unified)).toEqual([
    '    1   const one = 1;',
    '      − const two = first(2);',
    '    2 + const two = second(2);',
    '    3 + const evil = "\\u001b[2J\\u202e";',
    '    4   const three = 3;',
  ]);
  expect(unified.join('\n')).toContain('✘ 1.1 It counts');
  expect(unified.join('\n')).toContain('nothing shows it');
  const [same, changed] = changeOf(linesOf(data(), true));
  expect(same).toMatch(/^ {4}1 {3}const one = 1; +│ {5}1 {3}const one = 1;$/u);
  expect(changed).toMatch(/^ {4}2 − const two = first\(2\); +│ {5}2 \+ const two = second\(2\);$/u);
});

test('above a change stands which lines it is about, and the function around them', () => {
  const patch = `${PATCH.replace('@@ -1,3 +1,4 @@', '@@ -1,3 +1,4 @@ const all = () => {')}\n@@ -20 +21 @@\n-old\n+new`;
  const lines = linesOf(data({ patch }), false);
  expect(lines).toContain('lines 1–4 · const all = () => {');
  expect(lines).toContain('line 21');
  expect(lines.join('\n')).not.toContain('·····');
  expect(linesOf(data({ patch: `${PATCH}\n@@ -20,2 +21,0 @@\n-old\n-new` }), false)).toContain('lines 20–21');
});

test('what changed within a line stands out', () => {
  const all = data();
  const line = reviewLines(all, all, { width: 100, isSideBySide: false }).find(({ id }) => id === 'f0n2')!;
  expect(line.pieces.filter(({ inverse }) => inverse).map(({ text }) => text)).toEqual(['second']);
});

test('comments stand below their lines, also those on a line that was taken away', () => {
  const comments = [
    { ...comment, id: 'c1', side: 'old' as const, line: 2, text: 'why not first?' },
    { ...comment, id: 'c2', commit: 'c1', side: 'new' as const, line: 2, text: 'said to another version' },
  ];
  const said = data({ review: { ...data().review, comments } });
  for (const isSideBySide of [false, true]) {
    const lines = linesOf(said, isSideBySide);
    const at = lines.findIndex((line) => line.includes('why not first?'));
    expect(lines[at - 1]).toContain('first(2)');
    expect(lines[lines.indexOf('· src/a.ts') + 1]).toContain('c2 you, on another version: said to another version');
  }
});

test('a line that nobody looks at gets no colours', () => {
  const body = Array.from({ length: 20_000 }, (_, n) => `+const line${n} = ${n};`).join('\n');
  const patch = `diff --git a/src/a.ts b/src/a.ts\nindex 1..2 100644\n@@ -0,0 +1,20000 @@\n${body}\n`;
  const big = data({ patch });
  const lines = reviewLines(big, big, { width: 100, isSideBySide: true });
  expect(lines.filter(({ id }) => /^f0n\d+$/u.test(id ?? ''))).toHaveLength(20_000);
  expect(textOf(lines.at(-1)!)).toBe('20000 + const line19999 = 19999;');
});

test('a comment is signed with who said it, and those of the reader with you', () => {
  const by = (who: string) => {
    const { review } = data();
    const said = { ...comment, id: 'c1', side: 'new', line: 1, text: 'why', commit: 'c2', by: who } as const;
    const lines = linesOf(data({ review: { ...review, comments: [said] } }), false);
    return lines.find((line) => line.includes('▌'))?.trim();
  };
  expect(by('tui')).toBe('▌c1 you: why');
  expect(by('web:ada')).toBe('▌c1 ada: why');
});

test.each([false, true])(
  'no part of a long line is left out, and the rest of it is told from lines (side by side: %s)',
  (isSideBySide) => {
    const long = `const all = [${Array.from({ length: 400 }, (_, i) => `item${i}`).join(', ')}];`;
    const before = 'const all = [];';
    const patch = PATCH.replace('-const two = first(2);', `-${before}`).replace('+const two = second(2);', `+${long}`);
    const of = data({ patch });
    const lines = reviewLines(of, of, { width: 100, isSideBySide });
    const first = lines.findIndex(({ id }) => id === 'f0n2');
    const behind = lines.findIndex(({ id }, at) => at > first && id !== undefined);
    const rows = lines.slice(first, behind).map((line) => line.pieces.map(({ text }) => text).join(''));
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(100);
    const codes = rows.map((row) => (isSideBySide ? row.slice(row.indexOf('│') + 2) : row).slice(8));
    expect(codes.join('')).toBe(long);
    expect(rows[0]).toContain('    2 + const all');
    for (const row of rows.slice(1)) expect(row).toContain('      ↳ ');
    expect(lines.slice(first + 1, behind).every(({ continues, id }) => continues === true && id === undefined)).toBe(
      true,
    );
  },
);

test('a long comment and a long path are read to their ends, and comments stand below the last row of their line', () => {
  const path = `src/${'deep/'.repeat(30)}a.ts`;
  const text = `${'word '.repeat(60)}end`;
  const long = `const two = '${'x'.repeat(300)}';`;
  const comments = [{ ...comment, commit: 'c2', file: path, id: 'c1', side: 'new' as const, line: 2, text }];
  const of = data({
    patch: PATCH.replaceAll('src/a.ts', path).replace('const two = second(2);', long),
    files: [{ path, insertions: 2, deletions: 1, content: '2', seen: false }],
    review: { ...data().review, comments },
  });
  const lines = linesOf(of, false);
  expect(lines.map((line) => line.trim()).join('')).toContain(path);
  const at = lines.findIndex((line) => line.includes('▌c1'));
  expect(lines[at - 1]).toMatch(/↳ x+';$/u);
  expect(lines.slice(at).join('').replaceAll(/\s|▌/gu, '')).toContain(text.replaceAll(' ', ''));
});
