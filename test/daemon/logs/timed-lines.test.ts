import { expect, test } from 'vitest';
import { timedLines } from '../../../src/daemon/logs/timed-lines.ts';

/** The lines of parts that were printed between these seconds, each with the seconds between which it was. */
const linesOf = async (...parts: readonly (readonly [text: string, after: number | null, by: number | null])[]) => {
  const timed = async function* () {
    for (const [text, after, by] of parts) {
      const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);
      yield { bytes: new TextEncoder().encode(text), after: ms(after), by: ms(by) };
    }
  };
  const seconds = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso) / 1000);
  return (await timedLines(timed())).map(({ text, after, by }) => `${text} ${seconds(after)}-${seconds(by)}`);
};

test('a line has the times of what stands in it, also where what a program draws later ends it', async () => {
  const crashed = 'one\r\nit crashed';
  expect(await linesOf([crashed, 1, 5], ['\u001B[2;1Hnew screen\r\n', 60, 65])).toEqual([
    'one 1-5',
    'it crashed 1-5',
    'new screen 60-65',
  ]);
  expect(await linesOf([crashed, 1, 5], ['\r\n', 60, 65], ['next\r\n', 65, null])).toEqual([
    'one 1-5',
    'it crashed 1-5',
    'next 65-null',
  ]);
  expect(await linesOf([crashed, 1, 5], ['', 5, null])).toEqual(['one 1-5', 'it crashed 1-5']);
});

test('a line that was printed in pieces was so from the first to the last of them, and one that was begun anew since then', async () => {
  expect(await linesOf(['it ', 1, 5], ['has ', 5, 10], ['crashed\n', 10, 15])).toEqual(['it has crashed 1-15']);
  expect(await linesOf(['10 %', 1, 5], ['\r20 %', 5, 10], ['\rit crashed\n', 10, 15])).toEqual(['it crashed 10-15']);
  expect(await linesOf(['it ', 1, 5], ['crashed', 5, 10])).toEqual(['it crashed 1-10']);
});
