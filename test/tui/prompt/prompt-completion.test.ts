import { expect, test } from 'vitest';
import type { PromptEdit } from '../../../src/tui/prompt/prompt-reducer.ts';
import { afterEdits, complete, insert, move, shown, undo } from './edits.ts';

test('the only completion is taken and a space follows; several take turns, both ways', () => {
  expect(shown(afterEdits([insert('lau'), complete(['launch'])]))).toBe('launch |');
  expect(shown(afterEdits([insert('agent='), complete(['agent='])]))).toBe('agent=|');
  expect(shown(afterEdits([insert('zz'), complete([])]))).toBe('zz|');
  const words = ['stop', 'start'];
  expect(shown(afterEdits([insert('a st'), complete(words)]))).toBe('a stop|');
  expect(shown(afterEdits([insert('a st'), complete(words), complete(words), complete(words)]))).toBe('a stop|');
  expect(shown(afterEdits([insert('a st'), complete(words, true)]))).toBe('a start|');
  expect(shown(afterEdits([insert('st x'), move('start'), move('word-right'), complete(['stop'])]))).toBe('stop| x');
});

test('what several completions have in common is typed first, then they take turns', () => {
  const words = ['rehearsal-1', 'rehearsal-2'];
  const common = afterEdits([insert('stop re'), complete(words)]);
  expect([shown(common), common.completion?.at]).toEqual(['stop rehearsal-|', -1]);
  expect(shown(afterEdits([complete([])], common))).toBe('stop rehearsal-1|');
  expect(shown(afterEdits([complete([], true)], common))).toBe('stop rehearsal-2|');
});

test('a menu is closed with the chosen word, or with what was typed, and one step takes it back', () => {
  const open = afterEdits([insert('a st'), complete(['stop', 'start']), complete([])]);
  const close = (keep: boolean): PromptEdit => ({ kind: 'close-menu', keep });
  expect(shown(afterEdits([close(true)], open))).toBe('a start |');
  expect(shown(afterEdits([close(false)], open))).toBe('a st|');
  expect(shown(afterEdits([undo], open))).toBe('a st|');
  expect(afterEdits([close(true), close(true)], open)).toEqual(afterEdits([close(true)], open));
});
