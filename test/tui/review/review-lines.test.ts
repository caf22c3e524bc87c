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
    expect(lines[lines.indexOf('· src/a.ts') + 1]).toContain('c2 cli, on another version: said to another version');
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
