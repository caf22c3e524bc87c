import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  emptyPrompt,
  type PromptEdit,
  type PromptState,
  promptText,
  reducePrompt,
} from '../../src/tui/prompt-state.ts';
import { promptWindow } from '../../src/tui/prompt-window.ts';

const after = (edits: readonly PromptEdit[], from: PromptState = emptyPrompt): PromptState =>
  edits.reduce(reducePrompt, from);
const insert = (text: string): PromptEdit => ({ kind: 'insert', text });
const shown = (state: PromptState): string =>
  `${state.characters.slice(0, state.cursor).join('')}|${state.characters.slice(state.cursor).join('')}`;
const remove = (what: (PromptEdit & { kind: 'delete' })['what']): PromptEdit => ({ kind: 'delete', what });
const move = (to: (PromptEdit & { kind: 'move' })['to']): PromptEdit => ({ kind: 'move', to });
const submit: PromptEdit = { kind: 'submit' };
const older: PromptEdit = { kind: 'recall', direction: 'older' };
const newer: PromptEdit = { kind: 'recall', direction: 'newer' };

test.each<[string, readonly PromptEdit[], string]>([
  ['characters are inserted at the cursor', [insert('ac'), move('left'), insert('b')], 'ab|c'],
  ['a family is one character', [insert('x👨‍👩‍👧'), remove('before')], 'x|'],
  [
    'an accent joins the letter before it',
    [insert('e'), insert('\u0301'), insert('x'), move('left'), move('left')],
    '|e\u0301x',
  ],
  [
    'nothing happens beyond the ends',
    [move('left'), remove('before'), insert('a'), move('right'), remove('after')],
    'a|',
  ],
  ['words are jumped over', [insert('one two  three'), move('word-left'), move('word-left')], 'one |two  three'],
  ['and the other way', [insert('one two'), move('start'), move('word-right')], 'one| two'],
  ['the word before goes', [insert('one two  '), remove('word-before')], 'one |'],
  ['the word after goes', [insert('one two'), move('start'), remove('word-after')], '| two'],
  ['all before goes', [insert('one two'), move('left'), remove('to-start')], '|o'],
  ['all after goes', [insert('one two'), move('word-left'), remove('to-end')], 'one |'],
  ['the end is found', [insert('one'), move('start'), move('end')], 'one|'],
  ['a line is set', [insert('one'), { kind: 'set', text: 'other' }], 'other|'],
])('%s', (_name, edits, expected) => {
  expect(shown(after(edits))).toBe(expected);
});

const history = ['launch 1', 'list', 'launch 2'].flatMap((text) => [insert(text), submit]);

test('the history is gone through, those first that start with what was typed, which comes back at the end', () => {
  let state = after(history);
  const texts = [insert('la'), older, older, older, newer, newer, newer].map((edit) => {
    state = reducePrompt(state, edit);
    return promptText(state);
  });
  expect(texts).toEqual(['la', 'launch 2', 'launch 1', 'launch 1', 'launch 2', 'la', 'la']);
});

test('the same command twice is remembered once, an empty one never', () => {
  expect(after([...history, insert('launch 2 '), submit, insert('  '), submit]).history).toEqual([
    'launch 1',
    'list',
    'launch 2',
  ]);
});

test('the only completion is taken and a space follows; several take turns, both ways', () => {
  const complete = (words: readonly string[], backwards = false): PromptEdit => ({
    kind: 'complete',
    words,
    backwards,
  });
  expect(shown(after([insert('lau'), complete(['launch'])]))).toBe('launch |');
  expect(shown(after([insert('agent='), complete(['agent='])]))).toBe('agent=|');
  expect(shown(after([insert('zz'), complete([])]))).toBe('zz|');
  const words = ['stop', 'start'];
  expect(shown(after([insert('a st'), complete(words)]))).toBe('a stop|');
  expect(shown(after([insert('a st'), complete(words), complete(words), complete(words)]))).toBe('a stop|');
  expect(shown(after([insert('a st'), complete(words, true)]))).toBe('a start|');
  expect(shown(after([insert('st x'), move('start'), move('word-right'), complete(['stop'])]))).toBe('stop| x');
});

test('whatever is typed and wherever one goes, the cursor stays in the line and in the window', () => {
  const edits = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ' ', '世', '👍', '\u0301', '\u200D') }).map(insert),
    fc.constantFrom<PromptEdit>(
      older,
      newer,
      submit,
      move('left'),
      move('right'),
      move('word-left'),
      move('word-right'),
    ),
    fc.constantFrom<PromptEdit>(remove('before'), remove('word-before'), remove('to-end'), move('start')),
  );
  fc.assert(
    fc.property(fc.array(edits), fc.integer({ min: 6, max: 40 }), (all, width) => {
      const state = after(all);
      expect(state.cursor).toBeGreaterThanOrEqual(0);
      expect(state.cursor).toBeLessThanOrEqual(state.characters.length);
      const window = promptWindow(state, width);
      expect(promptText(state)).toContain(window.text);
      expect(window.cursor).toBeLessThan(width);
    }),
  );
});
