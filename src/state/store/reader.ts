import type { Store } from '../../ports/index.ts';
import { firstKept, type Place, type Recorded, readEvents, readLines, readSince, type WantedLines } from './history.ts';
import type { Position } from '../reducer.ts';
import type { keepRecent } from './recent.ts';

/** What can be read of a journal that is open, of which the end as it was read last is at hand. */
export const makeReader = (
  place: Place,
  recent: ReturnType<typeof keepRecent>,
  end: () => Position,
): Pick<Store, 'events' | 'firstKept' | 'since'> & {
  lines(wanted: WantedLines): Promise<readonly Recorded[]>;
} => ({
  events: (fromSeq) => readEvents(place, fromSeq, () => end().seq),
  firstKept: () => firstKept(place),
  since: async (after) => recent.since(after, end()) ?? readSince(place, after, end().seq),
  lines: (wanted) => readLines(place, recent.segment, wanted),
});
