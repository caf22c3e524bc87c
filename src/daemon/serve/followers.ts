import { AppError, messageOf } from '../../lib/errors.ts';
import type { Since, Store } from '../../ports/index.ts';
import type { Link } from '../../ports/link.ts';
import type { Known, SubscribeFrame } from '../../protocol/frame.ts';
import { STATE_FORMAT, type State } from '../../state/index.ts';
import { pastUnread } from '../errors.ts';

/** A client that does not read is let go when so much waits for it, in bytes; it can come back and ask for the rest. */
const MOST_WAITING = 32 * 1024 * 1024;
/** Who has missed more events than this is sent the state instead: it is read and folded sooner. */
const MOST_MISSED = 5000;

type FollowersOptions = {
  readonly store: Pick<Store, 'state' | 'position' | 'since' | 'events' | 'firstKept' | 'subscribe'>;
  readonly log: (line: string) => void;
  /** Overrides how many bytes may wait for a client. */
  readonly mostWaiting?: number;
};

/** Who follows what becomes durable. */
export type Followers = {
  /**
   * Sends the state, or what came after what is known already, and then every event. With a number no state, but where the journal ends, and where it begins if that is
   * not behind its end, and then the events from that one on.
   */
  add(link: Link, frame: SubscribeFrame): void;
  has(link: Link): boolean;
};

const stateText = (state: State, crc: number): string =>
  JSON.stringify({ kind: 'state', format: STATE_FORMAT, crc, state });

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

  // As text once, for all who come together after a start.
  let stated: { readonly state: State; readonly text: string } | undefined;
  const sendState = (link: Link): void => {
    const { state } = store;
    if (stated?.state !== state) stated = { state, text: stateText(state, store.position().crc) };
    send(link, stated.text);
    goLive(link);
  };
  /** More of what came after a position; undefined where that cannot be told, or is more than the state. */
  const moreSince = async ({ events, position }: Since): Promise<Since | undefined> => {
    if (store.position().seq - position.seq > MOST_MISSED) return undefined;
    const more = await store.since(position).catch(() => undefined);
    return more?.events.length ? { events: [...events, ...more.events], position: more.position } : undefined;
  };
  /** Goes on where the client stopped: a daemon that died costs it what it has missed, and not all that there is. */
  const resume = async (link: Link, { seq, crc, format }: Known): Promise<void> => {
    let missed: Since | undefined = format === STATE_FORMAT ? { events: [], position: { seq, crc } } : undefined;
    while (missed && missed.position.seq !== store.position().seq) missed = await moreSince(missed);
    // At one moment with what is sent: the next event goes to all who follow by then.
    if (missed?.position.crc !== store.position().crc) return sendState(link);
    send(link, JSON.stringify({ kind: 'resumed', crc: missed.position.crc, events: missed.events }));
    goLive(link);
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
    stated = undefined;
    if (live.size === 0) return;
    const frame = JSON.stringify({ kind: 'events', crc: store.position().crc, events });
    for (const link of live) send(link, frame);
  });

  return {
    add: (link, { from, after }) => {
      all.add(link);
      if (from !== undefined) replay(link, from).catch((error: unknown) => refuse(link, error));
      else if (after) void resume(link, after);
      else sendState(link);
    },
    has: (link) => all.has(link),
  };
};
