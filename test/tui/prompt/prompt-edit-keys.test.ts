import { expect, test } from 'vitest';
import { EDIT_KEYS, editByKey } from '../../../src/tui/prompt/prompt-edit-keys.ts';
import { emptyPrompt, promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { lineOf } from '../../../src/tui/prompt/prompt-text.ts';

const line = { ...emptyPrompt, ...lineOf('stop all ', 'agents now') };

test.each([
  ['backspace', 'stop all|agents now'],
  ['delete', 'stop all |gents now'],
  ['ctrl+w', 'stop |agents now'],
  ['alt+d', 'stop all | now'],
  ['ctrl+u', '|agents now'],
  ['ctrl+k', 'stop all |'],
  ['left', 'stop all| agents now'],
  ['alt+b', 'stop |all agents now'],
  ['alt+f', 'stop all agents| now'],
  ['home', '|stop all agents now'],
  ['ctrl+e', 'stop all agents now|'],
])('%s edits as in a shell: %s', (key, expected) => {
  const { characters, cursor } = editByKey(line, key)!;
  expect(`${characters.slice(0, cursor).join('')}|${characters.slice(cursor).join('')}`).toBe(expected);
});

test('what a key took is put back by Ctrl-Y, and the edit is taken back by Ctrl-_', () => {
  const cut = editByKey(line, 'ctrl+k')!;
  expect(promptText(editByKey(cut, 'ctrl+y')!)).toBe('stop all agents now');
  expect(promptText(editByKey(cut, 'ctrl+_')!)).toBe('stop all agents now');
});

test('a key that edits nothing is left to others', () => {
  expect(Object.keys(EDIT_KEYS)).not.toContain('enter');
  expect(editByKey(line, 'enter')).toBeUndefined();
});
