import { expect, test } from 'vitest';
import { ALERT_MARKS, INSTANCE_MARKS, STATE_ORDER, stateWord, TASK_MARKS } from '../../../src/tui/model/state-marks.ts';
import { THEMES } from '../../../src/tui/theme/themes.ts';

test('states are told apart without colours: by their words, and problems by a sign that nothing else has', () => {
  const marks = Object.values(INSTANCE_MARKS);
  expect(new Set(marks.map(({ word }) => word)).size).toBe(marks.length);
  const problems = marks.filter(({ glyph }) => glyph === '✖').map(({ word }) => word);
  expect(problems).toEqual(['stuck', 'failed', 'lost']);
  const others = marks.filter(({ glyph }) => glyph !== '✖').map(({ glyph }) => glyph);
  expect(new Set(others).size).toBe(others.length);
});

test.each([
  ['task', TASK_MARKS],
  ['alert', ALERT_MARKS],
])('every kind of %s has a glyph of its own', (_of, marks) => {
  const glyphs = Object.values(marks).map(({ glyph }) => glyph);
  expect(new Set(glyphs).size).toBe(glyphs.length);
});

test('the states that need a person are counted up first', () => {
  expect(STATE_ORDER.slice(0, 2)).toEqual(['waiting', 'stuck']);
  expect(STATE_ORDER.at(-1)).toBe('stopped');
});

test('a state that is only guessed from the screen is marked', () => {
  expect(stateWord({ kind: 'working', source: 'screen' })).toBe('≈working');
  expect(stateWord({ kind: 'working', source: 'hook' })).toBe('working');
});

test('a task that is ready does not look like a command, which is cyan, nor like any other task', () => {
  const { color } = TASK_MARKS.ready.style;
  expect(color).not.toBe('cyan');
  const others = Object.entries(TASK_MARKS).flatMap(([group, { style }]) =>
    group === 'ready' || !('color' in style) ? [] : [style.color],
  );
  expect(others).not.toContain(color);
  // On no theme it differs by its name alone.
  for (const { colors } of THEMES.values()) expect(colors[color]).not.toBe(colors.cyan);
});
