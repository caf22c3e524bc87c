import { expect, test } from 'vitest';
import { noteLines } from '../../../src/state/store/segment-lines.ts';

const LINES = ['00000001 {"a":1}', '00000002 {"a":"long"}', '00000003 {}'];

test.each([
  ['in which each character is a byte', LINES],
  ['with other characters', LINES.with(1, '00000002 {"a":"ü😀"}')],
])('the lines of a segment %s are given as they stand', (_what, all) => {
  const header = '# header\n';
  const bytes = Buffer.from(`${header}${all.join('\n')}\n{"torn`);
  const notes = noteLines(bytes, 41, header.length);
  let end = header.length - 1;
  for (const [index, line] of all.entries()) {
    end += Buffer.byteLength(line) + 1;
    notes.add(end, index + 1);
  }
  const lines = notes.first(2);
  const jsons = all.map((line) => line.slice(9));
  expect([notes.count, lines.length]).toEqual([3, 2]);
  expect([...lines].map(({ seq, crc, json }) => [seq, crc, json.toString()])).toEqual([
    [41, 1, jsons[0]],
    [42, 2, jsons[1]],
  ]);
  expect([lines.at(-1)?.seq, lines.at(0)?.seq, lines.at(2), lines.at(-3)]).toEqual([42, 41, undefined, undefined]);
  expect([...notes.first(3).texts(1)]).toEqual([
    { seq: 42, text: jsons[1] },
    { seq: 43, text: jsons[2] },
  ]);
  expect([...lines.texts(2)]).toEqual([]);
});
