import { expect, test } from 'vitest';
import { suggestionDigits, suggestionLines } from '../../../src/tui/control/page-suggestions.ts';
import type { Page } from '../../../src/tui/model/screen-state.ts';
import { withOverlays } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { key, paste, pressAll, text } from './press-keys.ts';
import { asking, onPanes } from './screens.ts';

const suggestions = [
  { command: 'show diff t1', what: 'see what it changed' },
  { command: 'retry task t1', what: null },
  { command: 'set task t1 check="…"', what: 'give it another check' },
];
const PAGE: Page = { title: 'show failure t1', lines: ['it failed'], suggestions, top: 0 };
const opened = withOverlays(onPanes, { page: PAGE });
const fromPrompt = { ...opened, focus: 'prompt' } as const;
const many = (count: number): Page => ({
  ...PAGE,
  suggestions: Array.from({ length: count }, (_, i) => ({ command: `retry task t${i + 1}`, what: null })),
});

test.each([
  ['from the panes', opened],
  ['from the command line', fromPrompt],
])('a digit puts the command into the line and runs nothing, whether the page was opened %s', (_, screen) => {
  const chosen = pressAll(screen, [text('2')]);
  expect(chosen.effects).toEqual([]);
  expect(chosen.screen).toMatchObject({ focus: 'prompt', overlays: { page: null } });
  expect(promptText(chosen.screen.prompt)).toBe('retry task t1');
  expect(pressAll(chosen.screen, [text(' fresh'), key('enter')]).effects).toEqual([
    { kind: 'run', text: 'retry task t1 fresh' },
  ]);
});

test('what was half typed comes back by undoing', () => {
  const half = pressAll({ ...onPanes, focus: 'prompt' }, [text('create task "Li')]).screen;
  const { screen } = pressAll(withOverlays({ ...half, focus: 'panes' }, { page: PAGE }), [text('2'), key('ctrl+_')]);
  expect(promptText(screen.prompt)).toBe('create task "Li');
  const empty = pressAll(opened, [text('2'), key('ctrl+_')]).screen;
  expect(promptText(empty.prompt)).toBe('');
});

test('the cursor stands where words of one’s own belong', () => {
  const { screen, effects } = pressAll(opened, [text('3'), text('make'), key('enter')]);
  expect([screen.prompt.history.at(-1), effects]).toEqual([
    'set task t1 check="make"',
    [{ kind: 'run', text: 'set task t1 check="make"' }],
  ]);
});

test.each([['0'], ['4'], ['9']])('the digit %s, where nothing is suggested, does nothing', (digit) => {
  expect(pressAll(opened, [text(digit)])).toEqual({ screen: opened, effects: [] });
  expect(pressAll(fromPrompt, [text(digit)])).toEqual({ screen: fromPrompt, effects: [] });
});

test('on a page that suggests nothing a digit does nothing, and a word is typed as ever', () => {
  const plain = withOverlays(onPanes, { page: { title: 'list', lines: ['a', 'b'], top: 0 } });
  expect(pressAll(plain, [text('1')]).screen).toEqual(plain);
  const typed = pressAll({ ...plain, focus: 'prompt' }, [text('1'), text('status')]).screen;
  expect([promptText(typed.prompt), typed.overlays.page]).toEqual(['status', null]);
  expect(pressAll(withOverlays(onPanes, { page: { ...PAGE, suggestions: [] } }), [text('1')]).effects).toEqual([]);
});

test('a question in front of the page has the keys, and a paste is no choice', () => {
  const asked = withOverlays(asking, { page: PAGE });
  expect(pressAll(asked, [text('1')]).screen.overlays.page).toBe(PAGE);
  expect(promptText(pressAll(opened, [paste('1')]).screen.prompt)).toBe('1');
});

test('once the page is closed a digit opens a view again', () => {
  expect(pressAll(opened, [key('esc'), text('2')]).screen.tabs.open).toBe('tasks');
});

const linesOf = (page: Page, width: number): readonly string[] =>
  suggestionLines(page, width).map(({ pieces }) => pieces.map((piece) => piece.text).join(''));

test('the suggestions are numbered, and what they do stands in a column', () => {
  expect(linesOf(PAGE, 70)).toEqual([
    '',
    'Suggested:',
    '  1  show diff t1           see what it changed',
    '  2  retry task t1',
    '  3  set task t1 check="…"  give it another check',
  ]);
  expect(linesOf({ ...PAGE, suggestions: [] }, 70)).toEqual([]);
  expect(linesOf({ title: 'list', lines: [], top: 0 }, 70)).toEqual([]);
});

test('where there is no room beside a command, what it does stands below it, and nothing is lost', () => {
  expect(linesOf(PAGE, 30)).toEqual([
    '',
    'Suggested:',
    '  1  show diff t1',
    '     see what it changed',
    '  2  retry task t1',
    '  3  set task t1 check="…"',
    '     give it another check',
  ]);
  expect(linesOf(PAGE, 20).join('').replace(/\s/gu, '')).toContain('settaskt1check="…"giveitanothercheck');
  for (const line of linesOf(PAGE, 20)) expect(line.length).toBeLessThanOrEqual(20);
});

test('nine suggestions have a digit, and what is beyond them is shown without one', () => {
  expect(linesOf(many(11), 70).slice(-3)).toEqual(['  9  retry task t9', '     retry task t10', '     retry task t11']);
  expect([0, 1, 4, 11].map((count) => suggestionDigits(many(count)))).toEqual(['', '1', '1-4', '1-9']);
});

test('a suggestion is text, and what would hide is written out', () => {
  const page = { ...PAGE, suggestions: [{ command: 'retry \u202Ex', what: 'a\u200Bb' }] };
  expect(linesOf(page, 70).at(-1)).toBe('  1  retry \\u202ex  a\\u200bb');
});
