import type { HistoryAnswer } from '../wire.ts';
import type { Hub } from './hub.ts';
import { liftedTo, NO_PAST, pastAfter } from './past-curve.ts';

/** So many of the latest events are read, so many at a time: older ones nobody waits for. */
const MOST = 20_000;
const PIECE = 5000;

/** How the swarm was before, read from its journal once for all pages, and then on from there. */
export const openHistory = (hub: Pick<Hub, 'state' | 'told' | 'repository'>) => {
  let past = NO_PAST;
  let upTo = 0;
  let reading: Promise<void> = Promise.resolve();

  const readOn = async (): Promise<void> => {
    const until = hub.told;
    // Another journal, which has fewer events, begins anew.
    if (until < upTo) [past, upTo] = [NO_PAST, 0];
    upTo = Math.max(upTo, until - MOST);
    while (upTo < until) {
      const next = Math.min(until, upTo + PIECE);
      // What is not kept any more is left out.
      const events = await hub.repository.past(upTo, next, 'kept');
      if (events) past = pastAfter(past, events);
      upTo = next;
    }
  };
  return async (): Promise<HistoryAnswer> => {
    const { usage } = await hub.state();
    reading = reading.then(readOn, readOn);
    await reading;
    return { points: liftedTo(past, usage.swarm) };
  };
};
