import { expect, test } from 'vitest';
import { emptyPrompt } from '../../../src/tui/prompt/prompt-state.ts';
import { lineOf } from '../../../src/tui/prompt/prompt-text.ts';
import { promptCursor, promptWindow, signOf, windowOf } from '../../../src/tui/prompt/prompt-window.ts';
import { modelOf } from '../panels/draw-panel.ts';

test('the window shows what is around the cursor, and leaves a cell for the cursor itself', () => {
  expect(windowOf(lineOf('0123456789', 'abc'), 6)).toMatchObject({ before: '56789', after: '', cursor: 5 });
  expect(windowOf(lineOf('01', '23456789'), 6)).toMatchObject({ before: '01', after: '234', cursor: 2 });
});

test('a wide character is shown whole or not at all, and the end of a line within the command as one sign', () => {
  expect(windowOf(lineOf('世界', ''), 4)).toMatchObject({ text: '界', cursor: 2 });
  expect(windowOf(lineOf('a\nb', ''), 10).text).toBe('a⏎b');
});

test('while the history is searched the query stands before the line', () => {
  const search = { query: 'stop', at: null, missing: false, before: lineOf('', '') };
  expect(signOf({ search: null }, 80)).toBe(' ❯ ');
  expect(signOf({ search }, 80)).toBe(' search "stop" ❯ ');
  expect(signOf({ search: { ...search, missing: true } }, 80)).toBe(' nothing more with "stop" ❯ ');
});

test('the terminal’s cursor stands behind the sign and what is typed, below the rule where there is one', () => {
  const prompt = { ...emptyPrompt, ...lineOf('list', '') };
  expect(promptWindow(prompt, 80).text).toBe('list');
  expect(promptCursor(prompt, modelOf([]).layout)).toEqual({ x: 7, y: 27 });
  expect(promptCursor(prompt, modelOf([], {}, { columns: 80, rows: 6 }).layout)).toEqual({ x: 7, y: 5 });
});
