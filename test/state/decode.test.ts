import { expect, test } from 'vitest';
import { decodeEvent, encodeData } from '../../src/state/decode.ts';
import { unknownEvent } from '../../src/state/errors.ts';

const line = (changes: object) =>
  JSON.stringify({
    seq: 3,
    at: 'now',
    corr: 'k1',
    actor: 'cli',
    type: 'daemon.stopped',
    data: { pid: 1 },
    ...changes,
  });

const moved = { instance_id: 'a-1', state: 'waiting', source: 'hook' };
const request = { ask: null, tool: 'Ask', subject: 'x', helper: null, question: 'Which?' };

test('what an agent handed over as it liked is no key that is unknown', () => {
  const free = { ...request, questions: [{ anything: { deep: [1] } }], input: { plan: { steps: [] } } };
  const text = line({ type: 'instance.moved', data: { ...moved, requests: [free] } });
  expect(decodeEvent(text).data).toEqual({ ...moved, requests: [free] });
});

test('an event is read with what the journal knows of it', () => {
  expect(decodeEvent(line({ more: true }))).toEqual({
    seq: 3,
    at: 'now',
    corr: 'k1',
    actor: 'cli',
    type: 'daemon.stopped',
    data: { pid: 1 },
  });
});

test.each([
  ['text that is no JSON', '{"seq":'],
  ['an event without a number', line({ seq: undefined })],
  ['an event whose number is none', line({ seq: 0 })],
  ['an event of nobody', line({ actor: 7 })],
  ['a line that is no event', 'null'],
  ['a type that does not exist', line({ type: 'daemon.exploded' })],
  ['a type that every object has', line({ type: 'constructor' })],
  ['data that does not fit', line({ data: { pid: 'x' } })],
  ['data with a key more', line({ data: { pid: 1, why: 'because' } })],
  ['a key more that is nothing', line({ data: { pid: 1, why: null } })],
  [
    'a key more in what it holds',
    line({ type: 'run.failed', data: { id: '1', failure: { class: 'crash', message: 'm', hint: 'h' } } }),
  ],
  ['a key more in a list', line({ type: 'instance.moved', data: { ...moved, requests: [{ ...request, weight: 1 }] } })],
  ['a line that says more than any', line({ host: 'here' })],
  ['a later shape', line({ v: 2 })],
  ['a shape that is none', line({ v: 0 })],
  ['a shape that is no number', line({ v: '1' })],
])('%s is refused and the newer version suggested', (_what, text) => {
  let thrown: unknown;
  try {
    decodeEvent(text);
  } catch (error) {
    thrown = error;
  }
  expect(unknownEvent.matches(thrown) && thrown.hint).toContain('newer Drover');
});

test('a draft that does not fit its type is a mistake of the program', () => {
  expect(() => encodeData({ type: 'daemon.stopped', data: { pid: 'x' as never } })).toThrow(/expected number/);
  expect(() => encodeData({ type: 'daemon.exploded' as never, data: {} as never })).toThrow(TypeError);
});

test('what a draft carries beyond its type is not recorded', () => {
  expect(encodeData({ type: 'daemon.stopped', data: { pid: 1, secret: 'x' } as never })).toBe('{"pid":1}');
});

test.each([
  [
    { type: 'alert.raised', data: { id: 'a1' } },
    /^event 3, "alert\.raised", line 4 of x\.jsonl in .*: it lacks "[a-z]+"$/u,
  ],
  [{ data: { pid: 'x' } }, /^event 3, "daemon\.stopped", line 4 of x\.jsonl in .*: its "pid" does not fit: [^\n]+$/u],
])('data that does not fit is told by its place and the first thing that is wrong: %#', (more, message) => {
  expect(() => decodeEvent(line(more), undefined, () => 'line 4 of x.jsonl')).toThrow(message);
});
