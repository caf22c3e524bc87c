import { expect, test } from 'vitest';
import { suggestionsIn } from '../../../src/tui/answering/suggestion-list.ts';

test('the commands that an answer suggests come from its data, in their order', () => {
  const suggestions = [
    { command: 'show diff t1', what: 'see what it changed' },
    { command: 'retry task t1', what: null },
  ];
  expect(suggestionsIn({ id: 'f-1', suggestions })).toEqual(suggestions);
});

test.each([[null], [undefined], ['text'], [[]], [{}], [{ suggestions: 'retry task t1' }], [{ suggestions: null }]])(
  '%j suggests nothing',
  (data) => {
    expect(suggestionsIn(data)).toEqual([]);
  },
);

test('what is no suggestion is left out', () => {
  const suggestions = [
    null,
    'retry',
    { command: 3, what: null },
    { command: ' \u001B[m ', what: '' },
    { command: 'x' },
  ];
  expect(suggestionsIn({ suggestions })).toEqual([]);
});

test('a suggestion is one line, without anything that a terminal would act on', () => {
  const suggestions = [{ command: 'tell a "\u001B[31mgo\u001B]0;t\u0007"\nstop all\u0003', what: 'a\tb\u009B2J\nc' }];
  expect(suggestionsIn({ suggestions })).toEqual([{ command: 'tell a "go" stop all', what: 'a b c' }]);
});

test('the words of a suggested answer are the person’s', () => {
  const suggestions = [{ command: 'answer claude-1 yes', what: null }];
  expect(suggestionsIn({ suggestions })).toEqual([{ command: 'answer claude-1 "…"', what: null }]);
});
