import { decodeEvent } from '../decode.ts';
import type { AppEvent } from '../index.ts';
import { listSegments, readSegment, segmentsAfter } from './segment.ts';

/** The events of the journal from a number on, up to the last one that was durable when the reading began. */
export const readEvents = async function* (
  journal: string,
  fromSeq: number,
  durable: () => number,
): AsyncGenerator<AppEvent, void, void> {
  const limit = durable();
  const refs = await listSegments(journal);
  const needed = segmentsAfter(refs, fromSeq - 1);
  for (const ref of needed.length > 0 ? needed : refs) {
    const { lines } = await readSegment(ref);
    for (const { seq, json } of lines) {
      if (seq > limit) return;
      if (seq >= fromSeq) yield decodeEvent(json.toString());
    }
  }
};
