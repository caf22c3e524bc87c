import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PromptEdit, reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { emptyPrompt, type PromptState, promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { promptWindow, signOf } from '../../../src/tui/prompt/prompt-window.ts';

const after = (edits: readonly PromptEdit[], from: PromptState = emptyPrompt): PromptState =>
  edits.reduce(reducePrompt, from);
const insert = (text: string): PromptEdit => ({ kind: 'insert', text });
const paste = (text: string): PromptEdit => ({ kind: 'insert', text, whole: true });
const shown = (state: PromptState): string =>
  `${state.characters.slice(0, state.cursor).join('')}|${state.characters.slice(state.cursor).join('')}`;
const remove = (what: (PromptEdit & { kind: 'delete' })['what']): PromptEdit => ({ kind: 'delete', what });
const move = (to: (PromptEdit & { kind: 'move' })['to']): PromptEdit => ({ kind: 'move', to });
const submit: PromptEdit = { kind: 'submit' };
const undo: PromptEdit = { kind: 'undo' };
const yank: PromptEdit = { kind: 'yank' };
const older: PromptEdit = { kind: 'recall', direction: 'older' };
const newer: PromptEdit = { kind: 'recall', direction: 'newer' };
const search = (direction: 'older' | 'newer' = 'older'): PromptEdit => ({ kind: 'search', direction });
const candidates = (...words: readonly string[]) => words.map((word) => ({ word, help: '' }));
const complete = (words: readonly string[], backwards = false): PromptEdit => ({
  kind: 'complete',
  candidates: candidates(...words),
  backwards,
});

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
  expect(shown(after([insert('lau'), complete(['launch'])]))).toBe('launch |');
  expect(shown(after([insert('agent='), complete(['agent='])]))).toBe('agent=|');
  expect(shown(after([insert('zz'), complete([])]))).toBe('zz|');
  const words = ['stop', 'start'];
  expect(shown(after([insert('a st'), complete(words)]))).toBe('a stop|');
  expect(shown(after([insert('a st'), complete(words), complete(words), complete(words)]))).toBe('a stop|');
  expect(shown(after([insert('a st'), complete(words, true)]))).toBe('a start|');
  expect(shown(after([insert('st x'), move('start'), move('word-right'), complete(['stop'])]))).toBe('stop| x');
});

test('what several completions have in common is typed first, then they take turns', () => {
  const words = ['rehearsal-1', 'rehearsal-2'];
  const common = after([insert('stop re'), complete(words)]);
  expect([shown(common), common.completion?.at]).toEqual(['stop rehearsal-|', -1]);
  expect(shown(after([complete([])], common))).toBe('stop rehearsal-1|');
  expect(shown(after([complete([], true)], common))).toBe('stop rehearsal-2|');
});

test('a menu is closed with the chosen word, or with what was typed, and one step takes it back', () => {
  const open = after([insert('a st'), complete(['stop', 'start']), complete([])]);
  const close = (keep: boolean): PromptEdit => ({ kind: 'close-menu', keep });
  expect(shown(after([close(true)], open))).toBe('a start |');
  expect(shown(after([close(false)], open))).toBe('a st|');
  expect(shown(after([undo], open))).toBe('a st|');
  expect(after([close(true), close(true)], open)).toEqual(after([close(true)], open));
});

test('each word that was typed is one step to take back, and so is each paste and each deletion', () => {
  const steps = [insert('one tw'), insert('o three'), paste(' four five'), remove('word-before')];
  const lines = [1, 2, 3, 4, 5, 6].map((count) => shown(after([...steps, ...Array<PromptEdit>(count).fill(undo)])));
  expect(lines).toEqual(['one two three four five|', 'one two three|', 'one two |', 'one |', '|', '|']);
});

test('characters deleted in a row come back together, and undoing a recall brings back what was typed', () => {
  expect(shown(after([insert('word'), remove('before'), remove('before'), undo]))).toBe('word|');
  expect(shown(after([...history, insert('la'), older, older, undo]))).toBe('la|');
});

test('what was deleted in larger pieces is put back, pieces in a row as one', () => {
  const twice = [insert('stop all running'), remove('word-before'), remove('word-before')];
  expect(shown(after([...twice, yank]))).toBe('stop all running|');
  expect(shown(after([...twice, move('start'), yank]))).toBe('all running|stop ');
  expect(shown(after([insert('ab cd'), move('start'), remove('word-after'), remove('to-end'), yank]))).toBe('ab cd|');
  expect(shown(after([...twice, submit, yank]))).toBe('all running|');
});

const past = ['launch 3 instances', 'status', 'tell kiro-1 "Launch it"', 'list tasks', 'status'].flatMap((text) => [
  insert(text),
  submit,
]);

test('a search finds the latest entry that has what is typed anywhere, and goes on to the ones before', () => {
  const lines = (edits: readonly PromptEdit[]) => shown(after([...past, search(), ...edits]));
  expect(lines([insert('lau')])).toBe('tell kiro-1 "|Launch it"');
  expect(lines([insert('lau'), search()])).toBe('|launch 3 instances');
  expect(lines([insert('lau'), search(), search('newer')])).toBe('tell kiro-1 "|Launch it"');
  expect(lines([insert('Lau'), search()])).toBe('tell kiro-1 "|Launch it"');
  expect(lines([insert('stat'), search()])).toBe('|status');
  expect(lines([insert('stat'), search(), remove('before')])).toBe('|status');
  expect(lines([insert('la'), remove('before'), remove('before')])).toBe('|');
});

test('a search that finds nothing says so and leaves the line; it ends with what was found or what was typed', () => {
  const open = after([...past, insert('sta'), search()]);
  expect([shown(open), open.search?.query]).toEqual(['|status', 'sta']);
  const lost = after([insert('x'), insert('y')], open);
  expect([shown(lost), lost.search?.missing, signOf(lost, 80)]).toEqual([
    '|status',
    true,
    ' nothing more with "staxy" ❯ ',
  ]);
  expect(signOf(open, 80)).toBe(' search "sta" ❯ ');
  const close = (keep: boolean): PromptEdit => ({ kind: 'close-search', keep });
  expect([shown(after([close(false)], lost)), shown(after([close(true)], open))]).toEqual(['sta|', '|status']);
  expect(shown(after([move('end')], open))).toBe('status|');
  expect(shown(after([paste('!')], open))).toBe('!|status');
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
const edit = fc.oneof(
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
    fc.property(fc.array(edit), fc.integer({ min: 6, max: 40 }), (all, width) => {
      const state = after(all);
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
    fc.property(fc.array(edit, { maxLength: 6 }), text, fc.array(fc.nat(11)), (before, whole, cuts) => {
      const points = [...whole];
      const places = [...new Set([0, ...cuts.filter((cut) => cut < points.length), points.length])].toSorted(
        (a, b) => a - b,
      );
      const parts = places.slice(1).map((to, i) => points.slice(places[i], to).join(''));
      const start = after(before);
      const compared = (state: PromptState) => [shown(state), state.search, state.past, state.last];
      expect(compared(after(parts.map(insert), start))).toEqual(compared(after([insert(whole)], start)));
    }),
  );
});

test('undoing often enough comes back to where the line began', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 20 }), (all) => {
      const edited = after(all.filter(({ kind }) => kind !== 'submit'));
      expect(promptText(after(Array<PromptEdit>(100).fill(undo), edited))).toBe('');
    }),
  );
});
