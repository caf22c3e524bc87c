import type { TimedBytes } from '../ports/target.ts';
import { readPlaced } from './read.ts';
import type { LogPlace } from './segments.ts';
import { latestMarks } from './times.ts';

/** Whether one place lies behind another. */
const isBehind = (one: LogPlace, than: LogPlace): boolean =>
  one.segment === than.segment ? one.offset > than.offset : one.segment > than.segment;

/**
 * The last bytes of a log in parts, each with the time by when it was printed: a part ends where a mark was made. What was
 * printed while nobody made any has the time of the first one after it, and what is older than the marks that are read has none.
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
      yield { bytes: bytes.subarray(from, to), by: hasOlder && at === 0 ? null : (mark?.at ?? null) };
      from = to;
    }
  }
}
