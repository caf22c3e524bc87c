import { expect, test } from 'vitest';
import { suggestionDigits, suggestionLines } from '../../../src/tui/control/page-suggestions.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import type { Page } from '../../../src/tui/model/screen-state.ts';
import { withOverlays } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import type { Hint } from '../../../src/ports/hint.ts';
import { waiting } from '../answering/open-question.ts';
import { reply } from '../fake-swarm.ts';
import { keyContext } from './key-context.ts';
import { key, paste, pressAll, text } from './press-keys.ts';
import { asking, onPanes } from './screens.ts';

const suggestions = [
  { command: 'show diff t1', what: 'see what it changed' },
  { command: 'retry task t1', what: null },
  { command: 'set task t1 check="…"', what: 'give it another check' },
  { command: 'cancel task t1', what: null },
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
])(
  'a digit puts what may lose something into the line and runs nothing, whether the page was opened %s',
  (_, screen) => {
    const chosen = pressAll(screen, [text('4')]);
    expect(chosen.effects).toEqual([]);
    expect(chosen.screen).toMatchObject({ focus: 'prompt', overlays: { page: null } });
    expect(promptText(chosen.screen.prompt)).toBe('cancel task t1');
    expect(pressAll(chosen.screen, [text(' fresh'), key('enter')]).effects).toEqual([
      { kind: 'run', text: 'cancel task t1 fresh' },
    ]);
  },
);

test.each([
  ['from the panes', opened],
  ['from the command line', fromPrompt],
])('a digit runs at once what only looks or tries again, whether the page was opened %s', (_, screen) => {
  for (const [digit, command, page] of [
    ['1', 'show diff t1', PAGE],
    ['2', 'retry task t1', null],
  ] as const) {
    const chosen = pressAll(screen, [text(digit)]);
    expect(chosen.effects).toEqual([{ kind: 'run', text: command }]);
    expect([chosen.screen.focus, chosen.screen.overlays.page]).toEqual([screen.focus, page]);
  }
});

test.each<Hint>([
  { kind: 'ok', says: 'x', asks: 'something is lost' },
  { kind: 'ok', says: 'x', mayAsk: true },
  { kind: 'error', message: 'no such task' },
])('what asks or is refused by now stands in the line, where that is foretold: %j', (known) => {
  const { screen, effects } = pressAll(opened, [text('2')], keyContext({ hint: () => known }));
  expect([promptText(screen.prompt), effects]).toEqual(['retry task t1', []]);
});

test('a review that is suggested opens, and a suggested answer opens the question', () => {
  const page = (command: string) =>
    withOverlays(onPanes, { page: { ...PAGE, suggestions: [{ command, what: null }] } });
  expect(pressAll(page('review task t1'), [text('1')]).screen.tabs.states.review.subject).toBe('t1');
  const asked = pressAll(page('answer a-1 "…"'), [text('1')], waiting());
  expect([asked.screen.overlays.answering?.question.instance, asked.effects]).toEqual(['a-1', []]);
  expect(promptText(pressAll(page('answer a-1 "…"'), [text('1')]).screen.prompt)).toBe('answer a-1 ""');
});

test('what a page suggests to look at opens above it, and closing that leads back to it', async () => {
  const { screen, effects } = pressAll(opened, [text('1')]);
  expect([screen.overlays.page, effects]).toEqual([PAGE, [{ kind: 'run', text: 'show diff t1' }]]);
  const answered = (command: string, told: string) =>
    reduceScreen(screen, { kind: 'replied', command, reply: reply({ message: told, text: told }) });
  const diff = answered('show diff t1', 'one\ntwo');
  expect(diff.overlays.page).toMatchObject({ title: 'show diff t1', lines: ['one', 'two'] });
  expect(pressAll(diff, [key('esc')]).screen.overlays.page).toBe(PAGE);
  expect(pressAll(diff, [key('esc'), key('esc')]).screen.overlays.page).toBe(null);
  const nothing = answered('show diff t1', 't1 has changed nothing.');
  expect([nothing.overlays.page, nothing.commands.message?.text]).toEqual([PAGE, 't1 has changed nothing.']);
  // What another command answers has nothing to do with the page.
  expect(pressAll(answered('list tasks', 'a\nb'), [key('esc')]).screen.overlays.page).toBe(null);
});

test('what was half typed comes back by undoing', () => {
  const half = pressAll({ ...onPanes, focus: 'prompt' }, [text('create task "Li')]).screen;
  const { screen } = pressAll(withOverlays({ ...half, focus: 'panes' }, { page: PAGE }), [text('4'), key('ctrl+_')]);
  expect(promptText(screen.prompt)).toBe('create task "Li');
  const empty = pressAll(opened, [text('4'), key('ctrl+_')]).screen;
  expect(promptText(empty.prompt)).toBe('');
});

test('the cursor stands where words of one’s own belong', () => {
  const { screen, effects } = pressAll(opened, [text('3'), text('make'), key('enter')]);
  expect([screen.prompt.history.at(-1), effects]).toEqual([
    'set task t1 check="make"',
    [{ kind: 'run', text: 'set task t1 check="make"' }],
  ]);
});

test.each([['0'], ['5'], ['9']])('the digit %s, where nothing is suggested, does nothing', (digit) => {
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
    '  1    show diff t1           see what it changed',
    '  2    retry task t1',
    '  3    set task t1 check="…"  give it another check',
    '  4 ↵  cancel task t1',
  ]);
  expect(linesOf({ ...PAGE, suggestions: [] }, 70)).toEqual([]);
  expect(linesOf({ title: 'list', lines: [], top: 0 }, 70)).toEqual([]);
});

test('where there is no room beside a command, what it does stands below it, and nothing is lost', () => {
  expect(linesOf(PAGE, 30)).toEqual([
    '',
    'Suggested:',
    '  1    show diff t1',
    '       see what it changed',
    '  2    retry task t1',
    '  3    set task t1 check="…"',
    '       give it another check',
    '  4 ↵  cancel task t1',
  ]);
  expect(linesOf(PAGE, 20).join('').replace(/\s/gu, '')).toContain('settaskt1check="…"giveitanothercheck');
  for (const line of linesOf(PAGE, 20)) expect(line.length).toBeLessThanOrEqual(20);
});

test('nine suggestions have a digit, and what is beyond them is shown without one', () => {
  expect(linesOf(many(11), 70).slice(-3)).toEqual([
    '  9    retry task t9',
    '       retry task t10',
    '       retry task t11',
  ]);
  expect([0, 1, 4, 11].map((count) => suggestionDigits(many(count)))).toEqual(['', '1', '1-4', '1-9']);
});

test('a suggestion is text, and what would hide is written out', () => {
  const page = { ...PAGE, suggestions: [{ command: 'retry \u202Ex', what: 'a\u200Bb' }] };
  expect(linesOf(page, 70).at(-1)).toBe('  1    retry \\u202ex  a\\u200bb');
});
