import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonPieces } from '../../../src/state/store/json-pieces.ts';
import { emptyState } from '../../../src/state/index.ts';
import { after, created } from '../../tasks/journal.ts';

test('a document in pieces is to the letter what one piece would be', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })), (value) => {
      expect([...jsonPieces(value)].join('')).toBe(`${JSON.stringify(value, null, 2)}\n`);
    }),
    { numRuns: 300 },
  );
  const odd = { a: undefined, b: { c: undefined }, d: [undefined, { e: 'x\ny' }], f: {} };
  expect([...jsonPieces(odd)].join('')).toBe(`${JSON.stringify(odd, null, 2)}\n`);
});

test('no piece of a large state is large, so that whoever writes it keeps nobody waiting', () => {
  const one = after(emptyState, created('t1')).tasks['t1']!;
  const tasks = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`t${n}`, { ...one, id: `t${n}` }]));
  const pieces = [...jsonPieces({ version: 1, state: { ...emptyState, tasks } })];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  expect(pieces.length).toBeGreaterThan(20);
});
