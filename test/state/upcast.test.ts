import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvent } from '../../src/state/decode.ts';
import { encodeGroup, groupOf } from '../../src/state/store/line.ts';
import { type Stored, shapeOf, UPCASTS, type Upcasts, upcast } from '../../src/state/upcast.ts';

const line = (changes: object) =>
  JSON.stringify({
    ...{ seq: 3, at: 'now', corr: 'k1', actor: 'cli', type: 'daemon.stopped', data: { pid: 1 } },
    ...changes,
  });

/** Steps that write down that they were made. */
const stepsUpTo = (count: number): Upcasts['x'] =>
  Array.from({ length: count }, (_, n) => ({ type, data }: Stored) => ({
    type,
    data: [...(data as readonly number[]), n + 2],
  }));

test('an event of any known shape goes through the shapes after it, in order, and one of any other is not read', () => {
  fc.assert(
    fc.property(fc.nat(6), fc.integer({ min: -2, max: 10 }), (count, shape) => {
      const made = upcast({ type: 'x', data: [] }, shape, { x: stepsUpTo(count) });
      const known = shape >= 1 && shape <= count + 1;
      const shapes = Array.from({ length: count + 1 }, (_, n) => n + 1).filter((one) => one > shape);
      expect(made).toEqual(known ? { type: 'x', data: shapes } : undefined);
    }),
  );
});

test('what is written now is read as it is, and says its shape only where that is not the first', () => {
  fc.assert(
    fc.property(fc.nat(3), fc.nat(99), (count, pid) => {
      const never = (): never => {
        throw new Error('a step was made');
      };
      const table: Upcasts = { 'daemon.stopped': Array.from({ length: count }, () => never) };
      const group = groupOf([{ type: 'daemon.stopped', data: { pid } }], { actor: 'cli', corr: 'k1' });
      const { text, events } = encodeGroup(group, { seq: 2, crc: 0 }, 'now', table);
      const json = text.trim().slice(9);
      expect(decodeEvent(json, table)).toEqual(events[0]);
      const [head, tail] = line({ data: { pid } }).split(',"data"');
      expect(json).toBe(`${head}${count === 0 ? '' : `,"v":${count + 1}`},"data"${tail}`);
    }),
  );
});

test('two shapes of one type that came one after the other are told apart by their number', () => {
  const table: Upcasts = {
    'daemon.stopped': [
      ({ type, data }) => ({ type, data: { process: (data as { pid: number }).pid } }),
      ({ type, data }) => ({ type, data: { pid: (data as { process: number }).process + 1000 } }),
    ],
  };
  const pidOf = (changes: object) => (decodeEvent(line(changes), table) as { data: { pid: number } }).data.pid;
  expect(pidOf({})).toBe(1001);
  expect(pidOf({ v: 1 })).toBe(1001);
  expect(pidOf({ v: 2, data: { process: 1 } })).toBe(1001);
  expect(pidOf({ v: 3 })).toBe(1);
  expect(() => pidOf({ v: 4 })).toThrow('it has the format 4, which this version does not know');
  expect(shapeOf('daemon.stopped', table)).toBe(3);
});

test('an event under an old name is read under its present one, from the first shape of that on', () => {
  const table: Upcasts = {
    'daemon.ended': [({ data }) => ({ type: 'daemon.stopped', data })],
    'daemon.stopped': [({ type, data }) => ({ type, data: { pid: (data as { process: number }).process } })],
  };
  const text = line({ type: 'daemon.ended', data: { process: 7 } });
  expect(decodeEvent(text, table)).toMatchObject({ seq: 3, type: 'daemon.stopped', data: { pid: 7 } });
});

test('an event that has its present shape is left alone', () => {
  const stored = { type: 'daemon.stopped', data: { pid: 1 } };
  expect(upcast(stored, undefined, UPCASTS)).toBe(stored);
});
