import { expect, test } from 'vitest';
import { stepsOf, tmuxKey } from '../../../src/cli/screen/typed-keys.ts';
import { makeDecoder } from '../../../src/tui/input/decoder.ts';

const typed = (text: string) => {
  const decoder = makeDecoder();
  return stepsOf([...decoder.feed(new TextEncoder().encode(text)), ...decoder.flush()]);
};

test.each([
  [
    'hi\r',
    [
      { kind: 'type', text: 'hi' },
      { kind: 'press', keys: ['Enter'] },
    ],
  ],
  ['\u0003\u001B[A\t\u007F\n', [{ kind: 'press', keys: ['C-c', 'Up', 'Tab', 'BSpace', 'C-j'] }]],
  [
    'a\u001B[200~two\nlines\u001B[201~b',
    [
      { kind: 'type', text: 'a' },
      { kind: 'paste', text: 'two\nlines' },
      { kind: 'type', text: 'b' },
    ],
  ],
  ['\u001B[25~x', [{ kind: 'type', text: '\u001B[25~x' }]],
])('%j is done at a terminal in these steps', (text, steps) => {
  expect(typed(text)).toEqual(steps);
});

test.each([
  ['shift+tab', 'BTab'],
  ['ctrl+alt+up', 'C-M-Up'],
  ['alt+b', 'M-b'],
  ['alt+;', 'M-;'],
  ['f12', 'F12'],
  ['ctrl+space', 'C-Space'],
  ['shift+enter', 'S-Enter'],
  ['hyper', undefined],
])('the key %s is called %s by tmux', (key, name) => {
  expect(tmuxKey(key)).toBe(name);
});

test('what has no bytes and no name is no step', () => {
  expect(stepsOf([{ kind: 'key', key: 'hyper' }, { kind: 'shown' }])).toEqual([]);
});
