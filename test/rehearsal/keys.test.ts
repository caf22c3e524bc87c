import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Key, keyReader } from '../../src/rehearsal/keys.ts';

const text = (value: string): Key => ({ kind: 'text', text: value });
// Neighbouring texts are one: how a terminal cuts its input says nothing.
const joined = (keys: readonly Key[]): string =>
  keys.map((key) => (key.kind === 'text' ? key.text : `<${key.kind}>`)).join('');

test('typed words and keys are told apart', () => {
  const keys = keyReader()('hé界\r\u0003\u0004\u007F\u0008\u0015\u0001\n');
  const kinds = ['enter', 'interrupt', 'end', 'erase', 'erase', 'clear', 'enter'] as const;
  expect(keys).toEqual([text('hé界'), ...kinds.map((kind) => ({ kind }))]);
});

test('a paste is one text with its lines, and nothing in it is a key', () => {
  expect(keyReader()('\u001B[200~one\r\ntwo\rthree\u0003\u001B[31m\u001B[201~\r')).toEqual([
    text('one\ntwo\nthree'),
    { kind: 'enter' },
  ]);
});

test('keys without a meaning are nothing', () => {
  expect(keyReader()('\u001B[A\u001BOP\u001B[1;5Cx\u001B\u001B[3~')).toEqual([text('x')]);
});

test('it does not matter where the input is cut', () => {
  const input = 'ab\u001B[200~p\rq\u001B[201~\r\u001B[1;5Acd\u001BOAe\u0003';
  const whole = joined(keyReader()(input));
  expect(whole).toBe('abp\nq<enter>cde<interrupt>');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: input.length - 1 })), (cuts) => {
      const read = keyReader();
      const at = [0, ...cuts.toSorted((a, b) => a - b), input.length];
      expect(joined(at.slice(1).flatMap((end, n) => read(input.slice(at[n], end))))).toBe(whole);
    }),
  );
});
