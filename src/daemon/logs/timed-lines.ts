import { plainText } from '../../logs/plain.ts';
import type { TimedBytes, TimedLine } from '../../ports/target.ts';

type Times = Pick<TimedBytes, 'after' | 'by'>;

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The times of a line of which a part was there before: what was not touched is as old as it was, what was begun anew is new. */
const timesOf = (text: string, before: { readonly text: string; readonly times: Times }, now: Times): Times => {
  const begun = before.text.trimEnd();
  if (text === begun) return before.times;
  return begun !== '' && text.startsWith(begun) ? { after: before.times.after, by: now.by } : now;
};

/**
 * What a terminal printed line by line, each with the times between which that was. A line often ends only with what a program
 * draws next, maybe long after: its time is that of what stands in it.
 */
export const timedLines = async (parts: AsyncIterable<TimedBytes>): Promise<readonly TimedLine[]> => {
  const plain = plainText();
  const found: TimedLine[] = [];
  const add = (text: string, { after, by }: Times): void => {
    found.push({ text, after: isoOf(after), by: isoOf(by) });
  };
  /** The line that is not complete yet. */
  let begun: { readonly text: string; readonly times: Times } = { text: '', times: { after: null, by: null } };
  for await (const { bytes, after, by } of parts) {
    const now = { after, by };
    for (const text of plain.push(bytes)) {
      add(text, timesOf(text, begun, now));
      begun = { text: '', times: now };
    }
    const text = plain.unfinished();
    begun = { text, times: timesOf(text.trimEnd(), begun, now) };
  }
  for (const text of plain.end()) add(text, begun.times);
  return found;
};
