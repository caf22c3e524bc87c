import { expect, test } from 'vitest';
import { readClientFrame } from '../../src/protocol/frame.ts';

const view = { columns: 80, color: false };
const run = { v: 1, kind: 'run', id: 'x', actor: 'cli', text: 'status', view };

test('a line that is no JSON is a command in words, so that any program may be a client', () => {
  expect(readClientFrame('stop kiro-1')).toMatchObject({ kind: 'run', text: 'stop kiro-1', actor: 'cli', id: '' });
});

test.each([
  [run],
  [{ ...run, argv: ['tasks', 'list'], yes: true, confirm: 'c', token: 't', cwd: '/' }],
  [{ ...run, settings: { flags: ['a=b'], env: { DROVER_X: 'y' } } }],
  [{ ...run, view: { ...view, suggestionsApart: true } }],
  [{ v: 1, kind: 'subscribe' }],
  [{ v: 1, kind: 'subscribe', from: 7 }],
  [{ v: 1, kind: 'subscribe', after: { seq: 7, crc: 12, format: 3 } }],
  [{ v: 1, kind: 'subscribe', actor: 'tui' }],
])('the frame %j is taken as it is', (frame) => expect(readClientFrame(JSON.stringify(frame))).toEqual(frame));

test.each([
  ['{'],
  ['{"v":2,"kind":"run"}'],
  [JSON.stringify({ v: 1, kind: 'other' })],
  [JSON.stringify({ v: 1, kind: 'subscribe', from: 'x' })],
  [JSON.stringify({ v: 1, kind: 'subscribe', after: 7 })],
  [JSON.stringify({ v: 1, kind: 'subscribe', after: { seq: -1, crc: 12, format: 3 } })],
  [JSON.stringify({ v: 1, kind: 'subscribe', after: { seq: 7, format: 3 } })],
  [JSON.stringify({ v: 1, kind: 'subscribe', actor: 1 })],
  ...[{ id: 1 }, { actor: 1 }, { text: 1 }, { confirm: 1 }, { token: 1 }, { cwd: 1 }, { yes: 'x' }, { argv: 'x' }].map(
    (wrong) => [JSON.stringify({ ...run, ...wrong })],
  ),
  ...[
    { argv: [1] },
    { view: null },
    { view: { columns: 'x' } },
    { view: { ...view, suggestionsApart: 1 } },
    { settings: 1 },
    { settings: { flags: [1] } },
  ].map((wrong) => [JSON.stringify({ ...run, ...wrong })]),
])('the line %s is none of ours', (line) => expect(readClientFrame(line)).toBeUndefined());
