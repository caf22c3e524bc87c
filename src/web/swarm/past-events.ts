import { tryConnect } from '../../client/start.ts';
import type { Paths } from '../../lib/paths.ts';
import type { AppEvent } from '../../state/index.ts';

/** A snapshot is quicker than so many events. */
const MOST = 5000;
/** A journal that has not said them after so long does not have them any more, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * The events between two numbers, without a gap; undefined where nobody has all of them any more. With `kept` those of them that
 * are kept, where the oldest were let go of.
 */
export type PastEvents = (
  after: number,
  until: number,
  which?: 'all' | 'kept',
) => Promise<readonly AppEvent[] | undefined>;

/** Reads events from the journal, by the daemon, which knows where its pieces lie. */
export const pastEventsOf =
  (paths: Paths): PastEvents =>
  async (after, until, which = 'all') => {
    if (until - after > MOST) return undefined;
    const connection = await tryConnect(paths);
    if (!connection) return undefined;
    const { promise, resolve } = Promise.withResolvers<readonly AppEvent[] | undefined>();
    const found: AppEvent[] = [];
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    const take = (event: AppEvent): void => {
      const last = found.at(-1)?.seq ?? after;
      if (last >= until) return;
      const isNext = event.seq === last + 1 || (which === 'kept' && found.length === 0 && event.seq > last);
      if (!isNext) resolve(undefined);
      else if (event.seq <= until) found.push(event);
      if (event.seq >= until) resolve(found);
    };
    connection.onFrame((frame) => {
      if (frame.kind === 'events') for (const event of frame.events) take(event);
    });
    void connection.closed.then(() => resolve(undefined));
    connection.send({ v: 1, kind: 'subscribe', from: after + 1 });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      connection.close();
    }
  };
