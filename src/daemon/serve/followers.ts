import { AppError, messageOf } from '../../lib/errors.ts';
import type { Store } from '../../ports/index.ts';
import type { Link } from '../../ports/link.ts';
import type { SubscribeFrame } from '../../protocol/frame.ts';
import { STATE_FORMAT } from '../../state/index.ts';
import { pastUnread } from '../errors.ts';

/** A client that does not read is let go when so much waits for it, in bytes; it can come back and ask for the rest. */
const MOST_WAITING = 32 * 1024 * 1024;

type FollowersOptions = {
  readonly store: Pick<Store, 'state' | 'events' | 'firstKept' | 'subscribe'>;
  readonly log: (line: string) => void;
  /** Overrides how many bytes may wait for a client. */
  readonly mostWaiting?: number;
};

/** Who follows what becomes durable. */
export type Followers = {
  /**
   * Sends the state and then every event. With a number no state, but where the journal ends, and where it begins if that is
   * not behind its end, and then the events from that one on.
   */
  add(link: Link, frame: SubscribeFrame): void;
  has(link: Link): boolean;
};

/** An event is written as text once, however many follow. */
export const openFollowers = ({ store, log, mostWaiting = MOST_WAITING }: FollowersOptions): Followers => {
  const all = new WeakSet<Link>();
  const live = new Set<Link>();
  const told = new Set<string>();

  const send = (link: Link, frame: string): boolean => {
    if (link.waitingBytes > mostWaiting) link.close();
    return link.isClosed || link.send(frame);
  };
  /** From now on every event is sent to the link. */
  const goLive = (link: Link): void => {
    live.add(link);
    void link.closed.then(() => live.delete(link));
  };
  /** Sends the events that are kept between two numbers; resolves with the number of the last one that was sent. */
  const sendKept = async (link: Link, from: number, until: number): Promise<number> => {
    let last = from - 1;
    for await (const event of store.events(from)) {
      if (link.isClosed) break;
      if (!send(link, JSON.stringify({ kind: 'events', events: [event] }))) await link.drained();
      last = event.seq;
      if (last >= until) break;
    }
    return last;
  };
  /** What happened before, as fast as the client reads it, and then without a gap what happens. */
  const replay = async (link: Link, from: number): Promise<void> => {
    const first = from > store.state.seq ? undefined : await store.firstKept();
    send(link, JSON.stringify({ kind: 'journal', first, last: store.state.seq }));
    let next = from;
    while (next <= store.state.seq && !link.isClosed) {
      const sent = await sendKept(link, next, store.state.seq);
      // Older ones than are kept: there is nothing more to come.
      if (sent < next) break;
      next = sent + 1;
    }
    if (!link.isClosed) goLive(link);
  };

  /** Says why there is no past, and lets go: asked again it would be the same. */
  const refuse = (link: Link, error: unknown): void => {
    const { message, code, exit, hint } = error instanceof AppError ? error : pastUnread({ why: messageOf(error) });
    if (!told.has(message)) log(`a follower was refused: ${message}`);
    told.add(message);
    link.send(JSON.stringify({ kind: 'refused', message, error: { code, exit, hint } }));
    link.end();
  };

  store.subscribe((events) => {
    if (live.size === 0) return;
    const frame = JSON.stringify({ kind: 'events', events });
    for (const link of live) send(link, frame);
  });

  return {
    add: (link, { from }) => {
      all.add(link);
      if (from === undefined) {
        send(link, JSON.stringify({ kind: 'state', format: STATE_FORMAT, state: store.state }));
        goLive(link);
        return;
      }
      replay(link, from).catch((error: unknown) => refuse(link, error));
    },
    has: (link) => all.has(link),
  };
};
