import { expect, test, vi } from 'vitest';
import type { Reply } from '../../src/ports/swarm.ts';
import { openKeyboard } from '../../src/web/socket/keyboard.ts';
import { readPageFrame } from '../../src/web/socket/page-frame.ts';
import type { Typist } from '../../src/web/swarm/served-repository.ts';
import { LONGEST_TYPED_TEXT, type ServerFrame, type TypedEvent } from '../../src/web/wire.ts';
import { replyWith } from './stage.ts';

const typedFrame = (...events: readonly unknown[]) =>
  readPageFrame(JSON.stringify({ kind: 'typed', instance: 'a-1', events }));

test.each([
  ...['enter', 'tab', 'shift+tab', 'backspace', 'esc', 'up', 'ctrl+left', 'ctrl+alt+shift+pagedown', 'f1', 'f12'],
  ...[
    'ctrl+c',
    'ctrl+\\',
    'alt+b',
    'alt+;',
    'ctrl+alt+x',
    'ctrl+space',
    'shift+enter',
    'insert',
    'delete',
    'home',
    'end',
  ],
])('[WEB-4] the key %s is one that a page presses', (key) => {
  expect(typedFrame({ kind: 'key', key })).toEqual({ kind: 'typed', instance: 'a-1', events: [{ kind: 'key', key }] });
});

test.each([
  ...[
    '',
    'a',
    'Enter',
    'f13',
    'f0',
    'ctrl+',
    'ctrl+ab',
    'ctrl+é',
    'ctrl+ ',
    'shift+a',
    'hyper+a',
    'constructor',
    'wait:9',
  ],
  ...['ctrl+constructor', '-t x', 'C-c', 'enter\n', '\u001B[A', 'ctrl+ctrl+ctrl+ctrl+a', 5, null],
])('[WEB-6] the key %j is none that a page presses', (key) => {
  expect(typedFrame({ kind: 'key', key })).toBeUndefined();
});

test.each([
  ['text', 'é 漢字 👍 ; "$(rm)" -t', 'é 漢字 👍 ; "$(rm)" -t'],
  ['paste', 'two\nlines\r\nand\ta third\r', 'two\rlines\rand\ta third\r'],
  ['paste', 'ends\u001B[201~here\u0003\u009B\u0000', 'ends[201~here'],
] as const)('[WEB-4] as %s %j arrives as text', (kind, text, arrives) => {
  expect(typedFrame({ kind, text })).toMatchObject({ events: [{ kind, text: arrives }] });
});

test.each([
  { kind: 'text', text: 'a\nb' },
  { kind: 'text', text: '\u001B[A' },
  { kind: 'text', text: '\u009B' },
  { kind: 'text', text: '\uD800' },
  { kind: 'text', text: '' },
  { kind: 'text', text: 'x'.repeat(LONGEST_TYPED_TEXT + 1) },
  { kind: 'paste', text: 'x'.repeat(LONGEST_TYPED_TEXT + 1) },
  { kind: 'text', text: ['a'] },
  { kind: 'other', raw: '\u001B[A', text: 'x' },
  'text',
  null,
])('[WEB-6] nothing is typed by an event that is %j', (event) => {
  expect(typedFrame(event)).toBeUndefined();
  expect(typedFrame({ kind: 'text', text: 'a' }, event)).toBeUndefined();
});

test.each([
  { kind: 'typed', instance: 'a-1' },
  { kind: 'typed', instance: 'a-1', events: {} },
  { kind: 'typed', instance: 'a-1', events: Array.from({ length: 201 }, () => ({ kind: 'key', key: 'up' })) },
  { kind: 'typed', instance: 'x'.repeat(201), events: [] },
  { kind: 'typed', instance: 3, events: [] },
  { kind: 'typing', instance: 'a-1', on: 1 },
  { kind: 'typing', on: true },
])('[WEB-6] no keyboard is meant by the frame %j', (frame) => {
  expect(readPageFrame(JSON.stringify(frame))).toBeUndefined();
});

const text = (words: string): TypedEvent => ({ kind: 'text', text: words });

/** A keyboard with a daemon and terminals that answer when they are told to. */
const keyboardStage = (exit: Reply['exit'] = 0) => {
  const told: ServerFrame[] = [];
  const done: string[] = [];
  const asked: string[] = [];
  const who = { holds: true };
  const opening = Promise.withResolvers<void>();
  const terminal = { type: async (_events: readonly TypedEvent[]): Promise<void> => undefined };
  const open = async ({ instance }: { readonly instance: string }): Promise<Typist> => {
    await opening.promise;
    return {
      type: async (events) => {
        await terminal.type(events);
        done.push(`${instance}: ${events.map((one) => (one.kind === 'key' ? one.key : one.text)).join('|')}`);
      },
      close: async () => void done.push(`${instance} closed`),
    };
  };
  const keyboard = openKeyboard({
    ask: async (instance) => {
      asked.push(instance);
      return replyWith({
        exit,
        message: 'It takes the role operator.',
        data: { instance, session: 's', socket: null },
      });
    },
    open,
    holds: () => who.holds,
    line: { send: (frame) => void told.push(frame) },
  });
  return { keyboard, told, done, asked, who, opening, terminal };
};

const typing = (instance: string, on: boolean, message: string | null = null): ServerFrame => ({
  ...{ kind: 'typing', instance, on, message },
});

test('[WEB-4] keys arrive in order, those too that come before the terminal is there', async () => {
  const { keyboard, told, done, opening, terminal } = keyboardStage();
  const slow = Promise.withResolvers<void>();
  terminal.type = () => slow.promise;
  keyboard.take('a-1');
  keyboard.type('a-1', [text('a'), { kind: 'key', key: 'enter' }]);
  opening.resolve();
  await vi.waitFor(() => expect(told).toEqual([typing('a-1', true)]));
  keyboard.type('a-1', [text('b')]);
  keyboard.type('a-1', [text('c')]);
  keyboard.type('b-1', [text('nobody')]);
  keyboard.giveBack('b-1');
  keyboard.giveBack('a-1');
  keyboard.type('a-1', [text('late')]);
  slow.resolve();
  await vi.waitFor(() => expect(done).toEqual(['a-1: a|enter', 'a-1: b|c', 'a-1 closed']));
  expect(told).toEqual([typing('a-1', true), typing('a-1', false)]);
});

test('[WEB-4] whom the daemon refuses has typed nothing', async () => {
  const { keyboard, told, done, opening } = keyboardStage(4);
  opening.resolve();
  keyboard.take('a-1');
  keyboard.type('a-1', [text('a')]);
  await vi.waitFor(() => expect(told).toEqual([typing('a-1', false, 'It takes the role operator.')]));
  keyboard.type('a-1', [text('b')]);
  expect(done).toEqual([]);
});

test('[WEB-6] whose session has ended types nothing more', async () => {
  const { keyboard, told, done, opening, who } = keyboardStage();
  opening.resolve();
  keyboard.take('a-1');
  await vi.waitFor(() => expect(told).toHaveLength(1));
  who.holds = false;
  keyboard.type('a-1', [text('a')]);
  await vi.waitFor(() => expect(done).toEqual(['a-1 closed']));
  expect(told.at(-1)).toEqual(typing('a-1', false, 'your session has ended'));
});

test('[WEB-6] more than a terminal takes is not kept', async () => {
  const { keyboard, told, done, opening, terminal } = keyboardStage();
  const slow = Promise.withResolvers<void>();
  terminal.type = () => slow.promise;
  opening.resolve();
  keyboard.take('a-1');
  await vi.waitFor(() => expect(told).toHaveLength(1));
  for (let i = 0; i < 6; i += 1) keyboard.type('a-1', [text('x'.repeat(LONGEST_TYPED_TEXT))]);
  expect(told.at(-1)).toEqual(typing('a-1', false, 'more is typed than its terminal takes'));
  slow.resolve();
  await vi.waitFor(() => expect(done.at(-1)).toBe('a-1 closed'));
  expect(done).toHaveLength(2);
});

test('a terminal that is gone ends it, and says so', async () => {
  const { keyboard, told, done, opening, terminal } = keyboardStage();
  terminal.type = () => Promise.reject(new Error('its terminal is gone'));
  opening.resolve();
  keyboard.take('a-1');
  keyboard.type('a-1', [text('a')]);
  await vi.waitFor(() => expect(done).toEqual(['a-1 closed']));
  expect(told).toEqual([typing('a-1', true), typing('a-1', false, 'its terminal is gone')]);
  const gone = keyboardStage();
  gone.keyboard.take('a-1');
  gone.opening.reject(new Error('its terminal is gone'));
  await vi.waitFor(() => expect(gone.told).toEqual([typing('a-1', false, 'its terminal is gone')]));
});

test('who turns to another agent, or leaves, before the terminal is there leaves nothing open', async () => {
  const { keyboard, told, done, asked, opening } = keyboardStage();
  keyboard.take('a-1');
  keyboard.take('b-1');
  keyboard.type('b-1', [text('b')]);
  await vi.waitFor(() => expect(asked).toEqual(['a-1', 'b-1']));
  keyboard.close();
  opening.resolve();
  await vi.waitFor(() => expect(done).toEqual(['b-1: b', 'b-1 closed']));
  expect(told).toEqual([]);
  keyboard.take('c-1');
  await vi.waitFor(() => expect(told).toEqual([typing('c-1', true)]));
  keyboard.close();
  expect(done.at(-1)).toBe('c-1 closed');
});
