import type { TimedBytes } from '../ports/target.ts';
import { readPlaced } from './read.ts';
import type { LogPlace } from './segments.ts';
import { latestMarks } from './times.ts';

/** Whether one place lies behind another. */
const isBehind = (one: LogPlace, than: LogPlace): boolean =>
  one.segment === than.segment ? one.offset > than.offset : one.segment > than.segment;

/** Between which times that was printed which lies before a mark. */
const timesBefore = (
  marks: readonly { readonly at: number }[],
  index: number,
  hasOlder: boolean,
): Pick<TimedBytes, 'after' | 'by'> => ({
  after: marks[index - 1]?.at ?? null,
  by: hasOlder && index === 0 ? null : (marks[index]?.at ?? null),
});

/**
 * The last bytes of a log in parts, each with the times between which it was printed: a part ends where a mark was made. What was
 * printed while nobody made any lies between marks that are far apart, and what is older than the marks that are read has no times.
 */
export async function* readTimedLog(dir: string, tailBytes: number): AsyncGenerator<TimedBytes> {
  const { marks, hasOlder } = await latestMarks(dir);
  let at = 0;
  for await (const { place, bytes } of readPlaced(dir, tailBytes)) {
    const { segment } = place;
    for (let from = 0; from < bytes.length; ) {
      const begin = { segment, offset: place.offset + from };
      while (at < marks.length && !isBehind(marks[at]!, begin)) at += 1;
      const mark = marks[at];
      const to = mark?.segment === segment ? Math.min(bytes.length, mark.offset - place.offset) : bytes.length;
      yield { bytes: bytes.subarray(from, to), ...timesBefore(marks, at, hasOlder) };
      from = to;
    }
  }
}
