import { expect, test } from 'vitest';
import { makeTail } from '../../src/process/tail.ts';

const tailOf = (limit: number, ...chunks: readonly string[]): string => {
  const tail = makeTail(limit);
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.text();
};

test.each([
  { name: 'everything when it fits', limit: 10, chunks: ['ab', 'cd'], text: 'abcd' },
  { name: 'the last bytes of one big chunk', limit: 3, chunks: ['abcdef'], text: 'def' },
  { name: 'the last bytes of many chunks', limit: 3, chunks: ['ab', 'cd', 'ef'], text: 'def' },
  { name: 'no half characters', limit: 4, chunks: ['aöüß'], text: 'üß' },
  { name: 'no half characters at an odd place', limit: 3, chunks: ['öüß'], text: 'ß' },
  { name: 'nothing of nothing', limit: 3, chunks: [], text: '' },
])('bounded output keeps $name', ({ limit, chunks, text }) => {
  expect(tailOf(limit, ...chunks)).toBe(text);
});
