import { expect, test } from 'vitest';
import { asWords, taskPrompt } from '../../src/agents/prompt.ts';

test.each([
  ['!rm -rf x', 'Message: !rm -rf x'],
  ['  /clear', 'Message:   /clear'],
  ['# remember this', 'Message: # remember this'],
  ['@src/a.ts is wrong', 'Message: @src/a.ts is wrong'],
  ['$PATH', 'Message: $PATH '],
  ['look at @src/a.ts', 'look at @src/a.ts '],
  ['look into /etc', 'look into /etc'],
  ['the end is \\', 'the end is \\ '],
  ['use a/b and c@d, please!', 'use a/b and c@d, please!'],
  ['Go on.', 'Go on.'],
])('%j is said as %j, so that no agent takes it for a command', (text, said) => {
  expect(asWords(text)).toBe(said);
});

test('the prompt of a task is such a line', () => {
  const prompt = taskPrompt({ id: '!1\n2' }, '/state/task 1.md');
  expect(prompt).toBe('Task !1 2: read /state/task 1.md and do what it says.');
  expect(asWords(prompt)).toBe(prompt);
});
