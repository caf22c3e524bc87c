import { expect, test } from 'vitest';
import { plainSuggestion, withSuggestions } from '../../src/text/suggestions.ts';

const VIEW = { columns: 80, color: false };
const retry = plainSuggestion('retry task 1');

test('a text names the commands that help at its end, each with what it does', () => {
  expect(withSuggestions('it failed', [], VIEW)).toBe('it failed');
  expect(withSuggestions('it failed', [retry], VIEW)).toBe('it failed\nSuggested: retry task 1');
  expect(withSuggestions('it failed\nof itself', [retry], VIEW)).toBe(
    'it failed\nof itself\n\nSuggested: retry task 1',
  );
  const long = { command: `return task 1 "${'x'.repeat(40)}"`, what: 'far' };
  const all = [{ command: 'show diff 1', what: 'look' }, retry, { command: 'cancel task 1', what: 'leave' }, long];
  expect(withSuggestions('it failed', all, VIEW).split('\n')).toEqual([
    'it failed',
    '',
    'Suggested:',
    '  show diff 1    look',
    '  retry task 1',
    '  cancel task 1  leave',
    `  ${long.command}  far`,
  ]);
});

test('whoever is shown them apart gets the text without them', () => {
  expect(withSuggestions('it failed', [retry], { ...VIEW, suggestionsApart: true })).toBe('it failed');
});

test('a suggestion is text: what would act on a terminal, or hide, is written out', () => {
  const text = withSuggestions('a', [{ command: 'retry task \u001B[2J\u202Ex', what: 'a\nb' }], VIEW);
  expect(text).toBe('a\n\nSuggested:\n  retry task \\u001b[2J\\u202ex  a ⏎ b');
});
