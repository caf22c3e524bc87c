import { messageOf } from '../../lib/errors.ts';
import { listenForGuests } from '../../link/guest-door.ts';
import type { Link, Peer } from '../../ports/link.ts';
import type { RelayNews, SharedTerminal } from '../../relay/orders.ts';
import type { TypedEvent } from '../../web/wire.ts';
import { openSeat } from '../screen/seat.ts';
import { typeByCommands } from '../screen/typed-keys.ts';
import { type RelayGuest, say, sayFarewell, welcomeGuest } from './relay-guest.ts';
import { openSharedScreen, type SharedScreen } from './shared-screen.ts';

/** So many terminals of the guest look at a time. */
const MOST_GUESTS = 4;
/** So often the guest may come within a minute. */
const MOST_VISITS = 20;
const MINUTE_MS = 60_000;
/** Of refusals the daemon is told once in so many milliseconds, however many there are. */
const QUIET_MS = 10_000;
/** The clock may be set while a share waits for its end. */
const LOOK_MS = 60_000;

export type RelayShare = { close(because: string): Promise<void> };

type Tell = (news: RelayNews) => void;

/** Tells of refusals, the first at once and the others together. */
const makeRefusals = (id: string, tell: Tell) => {
  let times = 0;
  let latest: { why: string; peer: Peer } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tellLatest = (): void => {
    timer = undefined;
    if (!latest) return;
    const { why, peer } = latest;
    tell({ kind: 'refused', id, why, uid: peer.uid, pid: peer.pid, times });
    latest = undefined;
    times = 0;
    timer = setTimeout(tellLatest, QUIET_MS);
  };
  return {
    note: (peer: Peer, why: string): void => {
      latest = { peer, why };
      times += 1;
      if (!timer) tellLatest();
    },
    close: (): void => {
      clearTimeout(timer);
      timer = undefined;
      tellLatest();
      clearTimeout(timer);
    },
  };
};

/** Knows how often somebody came of late. */
const makeVisits = () => {
  let times: readonly number[] = [];
  return {
    isTooOften: (): boolean => {
      const now = performance.now();
      times = [...times.filter((time) => now - time < MINUTE_MS), now].slice(-MOST_VISITS - 1);
      return times.length > MOST_VISITS;
    },
  };
};

type Stage = Pick<SharedScreen, 'picture'> & {
  /** Types as the owner's own program does: by keys that tmux hands to the pane, none of which it reads for itself. */
  readonly type: ((events: readonly TypedEvent[]) => Promise<void>) | null;
};

/** The agent's terminal, whose screen is followed only while somebody looks at it. */
const makeTerminal = (share: SharedTerminal, touch: () => void) => {
  let lookers = 0;
  let screen: Promise<SharedScreen> | undefined;
  const look = async (work: (screen: SharedScreen) => Promise<void>): Promise<void> => {
    lookers += 1;
    screen ??= openSharedScreen(share, touch);
    const mine = screen;
    try {
      await work(await mine);
    } finally {
      lookers -= 1;
      if (lookers === 0) screen = undefined;
      if (lookers === 0) (await mine).close();
    }
  };
  return {
    /** Has it for as long as the work takes. */
    use: async (work: (stage: Stage) => Promise<void>): Promise<void> => {
      if (!share.typing) return look(({ picture }) => work({ picture, type: null }));
      const seat = await openSeat({ ...share.typing, instance: share.instance });
      try {
        await look(({ picture }) => work({ picture, type: (events) => typeByCommands(seat, events) }));
      } finally {
        await seat[Symbol.asyncDispose]();
      }
    },
  };
};

/** Opens the door of a share: whom the kernel does not name as the guest hears one sentence and is gone. */
export const openRelayShare = async (share: SharedTerminal, tell: Tell): Promise<RelayShare> => {
  const refusals = makeRefusals(share.id, tell);
  const visits = makeVisits();
  const guests = new Set<RelayGuest>();
  const terminal = makeTerminal(share, () => {
    for (const guest of guests) guest.touch();
  });
  let coming = 0;
  let over: string | undefined;
  const refusalOf = ({ uid }: Peer): string | undefined => {
    if (uid !== share.uid) return 'This is shared with another user of this machine.';
    if (coming >= MOST_GUESTS) return `No more than ${MOST_GUESTS} terminals of yours may look at a time.`;
    return visits.isTooOften() ? 'You came too often within a minute. Wait a little.' : undefined;
  };
  const attend = async (link: Link, peer: Peer, { picture, type }: Stage): Promise<void> => {
    const { id, instance, until } = share;
    const visit = { id, uid: peer.uid, pid: peer.pid };
    say(link, { kind: 'welcome', instance, rw: type !== null, until });
    const guest = welcomeGuest(link, { picture, type });
    guests.add(guest);
    tell({ kind: 'joined', ...visit });
    guest.touch();
    // It may have ended while all this was opened.
    if (over !== undefined) void guest.end(over);
    const left = await guest.left;
    guests.delete(guest);
    tell({ kind: 'left', ...visit, ...left });
  };
  const accept = (link: Link): void => {
    const { peer } = link;
    // Whoever is gone again before the kernel was asked is nobody.
    if (!peer || peer.uid === null || over !== undefined) {
      link.close();
      return;
    }
    const why = refusalOf(peer);
    if (why !== undefined) {
      refusals.note(peer, why);
      void sayFarewell(link, 4, why);
      return;
    }
    coming += 1;
    void terminal
      .use((stage) => attend(link, peer, stage))
      .catch((error: unknown) => sayFarewell(link, 4, messageOf(error)))
      .finally(() => {
        coming -= 1;
      });
  };
  const door = await listenForGuests(share.socket, accept);
  let timer: NodeJS.Timeout | undefined;
  const close = async (because: string): Promise<void> => {
    clearTimeout(timer);
    over ??= because;
    refusals.close();
    await Promise.all([door.close(), ...[...guests].map((guest) => guest.end(because).then(() => guest.left))]);
  };
  /** The daemon ends it as well, but it may be held up, and the guest has no right to look on meanwhile. */
  const watchTime = (): void => {
    const left = Date.parse(share.until) - Date.now();
    if (left <= 0) void close('It is shared with you no more: its time is over.').catch(() => undefined);
    else timer = setTimeout(watchTime, Math.min(left, LOOK_MS));
  };
  watchTime();
  return { close };
};
