import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PromptEdit, reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { type PromptState, promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { promptWindow } from '../../../src/tui/prompt/prompt-window.ts';
import {
  afterEdits,
  complete,
  insert,
  move,
  newer,
  older,
  paste,
  remove,
  search,
  shown,
  submit,
  undo,
  yank,
} from './edits.ts';

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
  ['an empty line stays one', [{ kind: 'set', text: '' }, insert('')], '|'],
])('%s', (_name, edits, expected) => {
  expect(shown(afterEdits(edits))).toBe(expected);
});

const history = ['launch 1', 'list', 'launch 2'].flatMap((text) => [insert(text), submit]);

test('the history is gone through, those first that start with what was typed, which comes back at the end', () => {
  let state = afterEdits(history);
  const texts = [insert('la'), older, older, older, newer, newer, newer].map((edit) => {
    state = reducePrompt(state, edit);
    return promptText(state);
  });
  expect(texts).toEqual(['la', 'launch 2', 'launch 1', 'launch 1', 'launch 2', 'la', 'la']);
});

test('the same command twice is remembered once, an empty one never', () => {
  expect(afterEdits([...history, insert('launch 2 '), submit, insert('  '), submit]).history).toEqual([
    'launch 1',
    'list',
    'launch 2',
  ]);
});

test('each word that was typed is one step to take back, and so is each paste and each deletion', () => {
  const steps = [insert('one tw'), insert('o three'), paste(' four five'), remove('word-before')];
  const lines = [1, 2, 3, 4, 5, 6].map((count) =>
    shown(afterEdits([...steps, ...Array<PromptEdit>(count).fill(undo)])),
  );
  expect(lines).toEqual(['one two three four five|', 'one two three|', 'one two |', 'one |', '|', '|']);
});

test('characters deleted in a row come back together, and undoing a recall brings back what was typed', () => {
  expect(shown(afterEdits([insert('word'), remove('before'), remove('before'), undo]))).toBe('word|');
  expect(shown(afterEdits([...history, insert('la'), older, older, undo]))).toBe('la|');
});

test('what was deleted in larger pieces is put back, pieces in a row as one', () => {
  const twice = [insert('stop all running'), remove('word-before'), remove('word-before')];
  expect(shown(afterEdits([...twice, yank]))).toBe('stop all running|');
  expect(shown(afterEdits([...twice, move('start'), yank]))).toBe('all running|stop ');
  expect(shown(afterEdits([insert('ab cd'), move('start'), remove('word-after'), remove('to-end'), yank]))).toBe(
    'ab cd|',
  );
  expect(shown(afterEdits([...twice, submit, yank]))).toBe('all running|');
});

// Words, blanks, wide and joined characters, flags, accents: what a keyboard, an input method or a paste may send.
const piece = fc.constantFrom(
  'a',
  'B',
  ' ',
  '世',
  '👍',
  '\u0301',
  '\u200D',
  '👩',
  '🇩',
  '🇪',
  '\u0928',
  '\u093F',
  '\n',
  '⏎',
);
const text = fc.string({ unit: piece, minLength: 1, maxLength: 12 });
const anyEdit = fc.oneof(
  { weight: 4, arbitrary: text.map(insert) },
  text.map(paste),
  fc.constantFrom<PromptEdit>(older, newer, submit, undo, yank, search(), search('newer')),
  fc.constantFrom<PromptEdit>(move('left'), move('right'), move('word-left'), move('word-right'), move('start')),
  fc.constantFrom<PromptEdit>(remove('before'), remove('after'), remove('word-before'), remove('to-end')),
  fc.constantFrom<PromptEdit>(complete(['alpha', 'able']), complete(['B'], true), { kind: 'close-menu', keep: true }),
  fc.constantFrom<PromptEdit>({ kind: 'close-search', keep: true }, { kind: 'close-search', keep: false }),
);

test('whatever is typed and wherever one goes, the cursor stays in the line and in the window', () => {
  fc.assert(
    fc.property(fc.array(anyEdit), fc.integer({ min: 6, max: 40 }), (all, width) => {
      const state = afterEdits(all);
      expect(state.cursor).toBeGreaterThanOrEqual(0);
      expect(state.cursor).toBeLessThanOrEqual(state.characters.length);
      const window = promptWindow(state, width);
      expect(promptText(state).replaceAll('\n', '⏎')).toContain(window.text);
      expect(window.cursor).toBeLessThan(width);
    }),
  );
});

test('a text that comes in one piece or in many gives the same line, and the same steps to take back', () => {
  fc.assert(
    fc.property(fc.array(anyEdit, { maxLength: 6 }), text, fc.array(fc.nat(11)), (before, whole, cuts) => {
      const points = [...whole];
      const places = [...new Set([0, ...cuts.filter((cut) => cut < points.length), points.length])].toSorted(
        (a, b) => a - b,
      );
      const parts = places.slice(1).map((to, i) => points.slice(places[i], to).join(''));
      const start = afterEdits(before);
      const compared = (state: PromptState) => [shown(state), state.search, state.past, state.last];
      expect(compared(afterEdits(parts.map(insert), start))).toEqual(compared(afterEdits([insert(whole)], start)));
    }),
  );
});

test('undoing often enough comes back to where the line began', () => {
  fc.assert(
    fc.property(fc.array(anyEdit, { maxLength: 20 }), (all) => {
      const edited = afterEdits(all.filter(({ kind }) => kind !== 'submit'));
      expect(promptText(afterEdits(Array<PromptEdit>(100).fill(undo), edited))).toBe('');
    }),
  );
});
