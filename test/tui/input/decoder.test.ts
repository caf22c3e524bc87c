import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type InputEvent, makeDecoder } from '../../../src/tui/input/decoder.ts';
import { makeKeyboard } from '../../../src/tui/input/keyboard.ts';
import { reportAt } from '../../../src/tui/input/mouse-report.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What events mean, without how the terminal said it. */
const meant = (events: readonly InputEvent[]): InputEvent[] =>
  events.flatMap(({ raw: _raw, ...event }) => (event.kind === 'other' ? [] : [event as InputEvent]));

/** The events of a whole input, with neighbouring texts joined: where a piece ends is of no importance. */
const joined = (events: readonly InputEvent[]): InputEvent[] => {
  const all: InputEvent[] = [];
  for (const event of meant(events)) {
    const last = all.at(-1);
    if (event.kind === 'text' && last?.kind === 'text')
      all.splice(-1, 1, { kind: 'text', text: last.text + event.text });
    else all.push(event);
  }
  return all;
};

const read = (...pieces: readonly Uint8Array[]): InputEvent[] => {
  const decoder = makeDecoder();
  return joined([...pieces.flatMap((piece) => decoder.feed(piece)), ...decoder.flush()]);
};
const names = (text: string) =>
  read(bytes(text)).flatMap((event) =>
    event.kind === 'key' ? [event.key] : 'text' in event ? [event.text] : event.kind === 'shown' ? ['SHOWN'] : [],
  );

test.each([
  ['text\r', ['text', 'enter']],
  ['a\tb\u007F\b\n', ['a', 'tab', 'b', 'backspace', 'backspace', 'enter']],
  ['\u0001\u0003\u001A\u0000\u001D\u001C', ['ctrl+a', 'ctrl+c', 'ctrl+z', 'ctrl+space', 'ctrl+]', 'ctrl+\\']],
  ['\u001B[A\u001B[B\u001BOC\u001BOD\u001B[H\u001B[F', ['up', 'down', 'right', 'left', 'home', 'end']],
  ['\u001B[1~\u001B[4~\u001B[3~\u001B[5~\u001B[6~\u001B[2~', ['home', 'end', 'delete', 'pageup', 'pagedown', 'insert']],
  [
    '\u001B[1;5C\u001B[1;3D\u001B[1;2A\u001B[3;5~\u001B[Z',
    ['ctrl+right', 'alt+left', 'shift+up', 'ctrl+delete', 'shift+tab'],
  ],
  ['\u001Bb\u001Bf\u001B\u007F\u001B\r\u001Bü', ['alt+b', 'alt+f', 'alt+backspace', 'alt+enter', 'alt+ü']],
  ['\u001B\u001B[A', ['esc', 'up']],
  ['\u001B[97;5u\u001B[27u\u001B[13;2u\u001B[57441u', ['ctrl+a', 'esc', 'shift+enter']],
  ['\u001BOP\u001B[1;2R\u001B[12;40R\u001BOx', ['f1', 'shift+f3']],
  ['a\u001B[0nb\u001B[3n', ['a', 'SHOWN', 'b']],
  ['\u001B[I\u001B[O\u001B[<0;10;5M\u001B[<0;10;5m\u001B[M !!x', ['x']],
  ['\u001B[?62;c\u001B]11;rgb:0/0/0\u0007\u001BP1$r0m\u001B\\y\u001B[?1u', ['y']],
  ['\u001B[99~\u001B[ A\u001B[\u00E4', ['ä']],
  ['x\u0090\u009Fy', ['xy']],
  ['\u0085', []],
])('%j is read as %j', (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test('a paste arrives as one piece, whatever is in it', () => {
  expect(read(bytes('a\u001B[200~one\ntwo\u001B[Athree\u001B[201~b'))).toEqual([
    { kind: 'text', text: 'a' },
    { kind: 'paste', text: 'one\ntwo\u001B[Athree' },
    { kind: 'text', text: 'b' },
  ]);
});

test('a paste without an end is let go when it has become too long', () => {
  const decoder = makeDecoder();
  decoder.feed(bytes('\u001B[200~'));
  expect(decoder.pending).toBe('nothing');
  const events = decoder.feed(bytes('x'.repeat(1 << 20)));
  expect(events.map(({ kind }) => kind)).toEqual(['paste']);
});

test('a sequence without an end does not keep the keyboard for ever', () => {
  const decoder = makeDecoder();
  expect(meant(decoder.feed(bytes(`\u001B]${'x'.repeat(5000)}`)))).toEqual([]);
  expect(meant(decoder.feed(bytes('a')))).toEqual([{ kind: 'text', text: 'a' }]);
});

const KEYS = [
  'a',
  'launch',
  ' ',
  'ß',
  '世界',
  '👍🏽',
  'e\u0301',
  '\r',
  '\t',
  '\u007F',
  '\u0003',
  '\u001B[A',
  '\u001B[1;5D',
  '\u001BOH',
  '\u001Bx',
  '\u001B[0n',
  '\u001B[<35;1;1M',
  '\u001B[200~a\r\u001B[B b\u001B[201~',
];

test('every key of a burst arrives, in order, wherever the burst is split', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KEYS), { maxLength: 30 }), fc.array(fc.nat(400)), (keys, cuts) => {
      const whole = bytes(keys.join(''));
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
      const pieces = places.slice(1).map((end, i) => whole.slice(places[i], end));
      const alone = joined(keys.flatMap((key) => read(bytes(key))));
      expect(read(...pieces)).toEqual(alone);
    }),
  );
});

test('Escape alone is a key after a moment; the rest of a late sequence is waited for', () => {
  vi.useFakeTimers();
  try {
    const events: InputEvent[] = [];
    let type: (text: string) => void = () => undefined;
    let closed = 0;
    const source = {
      open: (listener: (piece: Uint8Array) => void) => {
        type = (text) => listener(bytes(text));
      },
      close: () => {
        closed += 1;
      },
    };
    const keyboard = makeKeyboard(
      source,
      (more) => events.push(...meant(more)),
      () => undefined,
    );
    keyboard.open();
    type('\u001B');
    vi.advanceTimersByTime(60);
    expect(events).toEqual([{ kind: 'key', key: 'esc' }]);
    type('\u001B[');
    vi.advanceTimersByTime(200);
    type('B');
    expect(events.at(-1)).toEqual({ kind: 'key', key: 'down' });
    type('\u001B');
    keyboard.close();
    vi.advanceTimersByTime(1000);
    expect([events.length, closed]).toEqual([2, 1]);
  } finally {
    vi.useRealTimers();
  }
});

test('everything that is typed is kept as the terminal sent it, split wherever it may be', () => {
  const sent = (pieces: readonly string[]): string => {
    const decoder = makeDecoder();
    const events = [...pieces.flatMap((piece) => decoder.feed(bytes(piece))), ...decoder.flush()];
    return events.map((event) => event.raw).join('');
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KEYS, '\u001B[25~', '\u001B[<0;3;4M'), { maxLength: 20 }), (keys) => {
      expect(sent(keys)).toBe(keys.join(''));
      expect(sent([...keys.join('')])).toBe(keys.join(''));
    }),
  );
});

test.each([
  ['\u001B[<0;10;5M', { action: 'press', button: 0, x: 9, y: 4 }],
  ['\u001B[<2;1;1m', { action: 'release', button: 2, x: 0, y: 0 }],
  ['\u001B[<32;4;4M', { action: 'move', button: 0, x: 3, y: 3 }],
  ['\u001B[<64;4;4M', { action: 'wheel-up' }],
  ['\u001B[<69;0;4M', { action: 'wheel-down', x: 0 }],
])('the mouse’s report %j is read', (report, expected) => {
  expect(read(bytes(report))).toMatchObject([{ kind: 'mouse', ...expected }]);
});

test('a report of the mouse is told anew for a terminal that begins elsewhere on the screen', () => {
  const [event] = read(bytes('\u001B[<0;30;12m'));
  expect(event?.kind === 'mouse' && reportAt(event, { x: 20, y: 10 })).toBe('\u001B[<0;10;2m');
});
