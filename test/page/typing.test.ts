import { expect, test } from 'vitest';
import { readPageFrame } from '../../src/web/socket/page-frame.ts';
import { LONGEST_TYPED_TEXT, type PageFrame } from '../../src/web/wire.ts';
import { openKeyboard } from '../../web/src/link/keyboard.ts';
import {
  isChord,
  type KeyTold,
  type Pressed,
  pastedText,
  pressedIn,
  typedKey,
  typedText,
} from '../../web/src/model/typed-keys.ts';

const pressed = (key: string, held = '', code = ''): Pressed => ({
  ...{ key, code, ctrlKey: held.includes('C'), altKey: held.includes('A'), shiftKey: held.includes('S') },
  ...{ metaKey: held.includes('M'), isAltGraph: held.includes('G') },
});

test.each([
  ['Enter', '', 'enter'],
  ['Escape', '', 'esc'],
  ['Tab', 'S', 'shift+tab'],
  ['ArrowUp', 'CA', 'ctrl+alt+up'],
  ['Enter', 'S', 'shift+enter'],
  ['F5', '', 'f5'],
  ['F12', 'C', 'ctrl+f12'],
  ['c', 'C', 'ctrl+c'],
  ['C', 'C', 'ctrl+c'],
  [' ', 'C', 'ctrl+space'],
  ['k', 'C', 'ctrl+k'],
  ['\\', 'C', 'ctrl+\\'],
  ['b', 'A', 'alt+b'],
  ['B', 'AS', 'alt+B'],
] as const)('[WEB-4] %s with %s is the key %s, which the server takes', (key, held, name) => {
  expect(typedKey(pressed(key, held))).toBe(name);
  const frame = { kind: 'typed', instance: 'a-1', events: [{ kind: 'key', key: name }] };
  expect(readPageFrame(JSON.stringify(frame))).toEqual(frame);
});

test.each([
  ['a', ''],
  ['A', 'S'],
  ['é', ''],
  ['漢', ''],
  ['@', 'CAG'],
  ['∫', 'A'],
  ['v', 'C'],
  ['V', 'CS'],
  ['C', 'CS'],
  ['Insert', 'S'],
  ['c', 'M'],
  ['Enter', 'M'],
  ['Shift', 'S'],
  ['Dead', ''],
  ['F13', ''],
  ['Unidentified', ''],
  ['Process', ''],
] as const)('[WEB-4] %s with %s is text, or the browser’s', (key, held) => {
  expect(typedKey(pressed(key, held))).toBeNull();
});

test('letters of other alphabets are with Ctrl the letters on the same keys', () => {
  expect(typedKey(pressed('с', 'C', 'KeyC'))).toBe('ctrl+c');
  expect(typedKey(pressed('ж', 'C', 'Semicolon'))).toBeNull();
});

const told = (key: string, changes: Partial<KeyTold> = {}): KeyTold => ({
  ...{ key, code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, isComposing: false, keyCode: 0 },
  getModifierState: () => false,
  ...changes,
});

test('[WEB-4] Option makes signs on the keyboards of Apple, also those that others have without it', () => {
  for (const sign of ['@', '[', '|', '~', '∫'])
    expect(typedKey(pressedIn(told(sign, { altKey: true }), 'MacIntel')!)).toBeNull();
  expect(typedKey(pressedIn(told('b', { altKey: true }), 'Linux x86_64')!)).toBe('alt+b');
  expect(typedKey(pressedIn(told('ArrowLeft', { altKey: true }), 'MacIntel')!)).toBe('alt+left');
  expect(typedKey(pressedIn(told('c', { ctrlKey: true }), 'MacIntel')!)).toBe('ctrl+c');
});

test('[WEB-4] a key that an input method has taken is none, also where the browser says that only by its number', () => {
  expect(pressedIn(told('Enter', { isComposing: true }), '')).toBeNull();
  expect(pressedIn(told('Enter', { keyCode: 229 }), '')).toBeNull();
  expect(typedKey(pressedIn(told('Enter', { keyCode: 13 }), '')!)).toBe('enter');
});

test('[WEB-4] the chord gives the keyboard back, and Escape does not', () => {
  expect(isChord(pressed(']', 'C', 'BracketRight'))).toBe(true);
  expect(isChord(pressed('ъ', 'C', 'BracketRight'))).toBe(true);
  for (const other of [
    pressed('Escape'),
    pressed(']'),
    pressed(']', 'CAG', 'Digit9'),
    pressed('+', 'C', 'BracketRight'),
  ])
    expect(isChord(other)).toBe(false);
});

test('what an input method gives is text, and its lines end with Enter', () => {
  expect(typedText('né\r\n\u001B[Ax\u0003\n')).toEqual([
    { kind: 'text', text: 'né' },
    { kind: 'key', key: 'enter' },
    { kind: 'text', text: '[Ax' },
    { kind: 'key', key: 'enter' },
  ]);
  expect(typedText('')).toEqual([]);
});

test('a paste goes as one, unless it is longer than goes', () => {
  expect(pastedText('a\nb')).toEqual([{ kind: 'paste', text: 'a\nb' }]);
  expect(pastedText('')).toEqual([]);
  expect(pastedText('x'.repeat(LONGEST_TYPED_TEXT + 1))).toBeNull();
});

test('[WEB-6] many lines at once, as keyboards of phones give them, go in frames that the server takes', () => {
  const { keyboard, sent } = stage();
  keyboard.take('a-1');
  const events = typedText(`${'line\n'.repeat(250)}${'x'.repeat(LONGEST_TYPED_TEXT + 1)}`);
  keyboard.type(events);
  const frames = sent.slice(1).map((frame) => readPageFrame(JSON.stringify(frame)));
  expect(frames.flatMap((frame) => (frame?.kind === 'typed' ? frame.events : []))).toEqual(events);
  expect(frames).not.toContain(undefined);
});

const stage = () => {
  const sent: PageFrame[] = [];
  let changes = 0;
  const keyboard = openKeyboard({
    send: (frame) => void sent.push(frame),
    onChange: () => {
      changes += 1;
    },
  });
  return { keyboard, sent, changes: () => changes };
};

test('[WEB-4] one agent has the keyboard, from when it was asked for until it is given back', () => {
  const { keyboard, sent, changes } = stage();
  keyboard.type([{ kind: 'text', text: 'nobody' }]);
  keyboard.giveBack();
  expect([sent, changes()]).toEqual([[], 0]);
  keyboard.take('a-1');
  keyboard.type([{ kind: 'text', text: 'a' }]);
  keyboard.type([]);
  keyboard.hear({ kind: 'typing', instance: 'b-1', on: true, message: null });
  expect(keyboard.state).toEqual({ instance: 'a-1', isOn: false, ended: null });
  keyboard.hear({ kind: 'typing', instance: 'a-1', on: true, message: null });
  expect(keyboard.state).toEqual({ instance: 'a-1', isOn: true, ended: null });
  keyboard.giveBack();
  keyboard.hear({ kind: 'typing', instance: 'a-1', on: false, message: null });
  expect(keyboard.state).toEqual({ instance: null, isOn: false, ended: null });
  expect(sent).toEqual([
    { kind: 'typing', instance: 'a-1', on: true },
    { kind: 'typed', instance: 'a-1', events: [{ kind: 'text', text: 'a' }] },
    { kind: 'typing', instance: 'a-1', on: false },
  ]);
});

test('[WEB-4] why somebody types no more is told of the agent that it was about', () => {
  const { keyboard } = stage();
  keyboard.take('a-1');
  keyboard.hear({ kind: 'typing', instance: 'a-1', on: false, message: 'its terminal is gone' });
  expect(keyboard.state).toEqual({
    instance: null,
    isOn: false,
    ended: { instance: 'a-1', message: 'its terminal is gone' },
  });
  keyboard.take('b-1');
  keyboard.end('the connection is gone');
  keyboard.end('the connection is gone');
  expect(keyboard.state.ended).toEqual({ instance: 'b-1', message: 'the connection is gone' });
});
