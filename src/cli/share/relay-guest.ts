import { setTimeout as pause } from 'node:timers/promises';
import type { Link } from '../../ports/link.ts';
import type { TypedEvent } from '../../web/wire.ts';
import { type HostFrame, readGuestFrame } from './guest-frames.ts';
import type { SharedScreen } from './shared-screen.ts';

/** The pause between two pictures of a screen that changes all the time, in milliseconds. */
const TICK_MS = 40;
/** So much may wait to be typed, in keys and characters: more than anybody types, or pastes, before a terminal takes it. */
const MOST_WAITING = 256 * 1024;
/** A guest that is gone for good may take no more time than this to read that it is over, in milliseconds. */
const FAREWELL_MS = 300;

type Picture = NonNullable<ReturnType<SharedScreen['picture']>>;

/** What a guest has not seen yet of a picture. */
const newsOf = (before: Picture | undefined, now: Picture): Extract<HostFrame, { kind: 'screen' }> | undefined => {
  const { cols, rows, lines, cursor } = now;
  const isSame = before?.cols === cols && before.rows === rows;
  const changed = [...lines.entries()].filter(([y, text]) => text !== (isSame ? before.lines[y] : ''));
  const isMoved = cursor?.join() !== before?.cursor?.join();
  return isSame && changed.length === 0 && !isMoved ? undefined : { kind: 'screen', cols, rows, changed, cursor };
};

export const say = (link: Link, frame: HostFrame): void => void link.send(JSON.stringify(frame));

/** Says why it is over, and that it is: nobody is waited for who does not read it. */
export const sayFarewell = async (link: Link, exit: 0 | 4, message: string): Promise<void> => {
  say(link, { kind: 'end', exit, message });
  await Promise.race([link.drained(), pause(FAREWELL_MS, undefined, { ref: false })]);
  link.close();
};

type Parts = {
  readonly picture: SharedScreen['picture'];
  /** Types what is passed on; null: the guest looks only. */
  readonly type: ((events: readonly TypedEvent[]) => Promise<void>) | null;
};

/** A guest who was let in. */
export type RelayGuest = {
  /** The screen has changed. */
  touch(): void;
  end(message: string): Promise<void>;
  /** Resolves when the guest is gone, with why, and how many keys and texts were passed on. */
  readonly left: Promise<{ readonly why: string; readonly typed: number }>;
};

/** Passes on what was typed, piece by piece and in order; the guest has to wait while a piece is typed. */
const makeTyping = (link: Link, type: NonNullable<Parts['type']>, leave: (why: string) => void) => {
  let queue: TypedEvent[] = [];
  let waiting = 0;
  let typed = 0;
  let isBusy = false;
  const pump = async (): Promise<void> => {
    isBusy = true;
    link.pause();
    while (queue.length > 0 && !link.isClosed) {
      const events = queue;
      queue = [];
      waiting = 0;
      await type(events);
      typed += events.length;
    }
    isBusy = false;
    link.resume();
  };
  return {
    take: (events: readonly TypedEvent[]): void => {
      queue.push(...events);
      waiting += events.reduce((sum, event) => sum + (event.kind === 'key' ? 1 : event.text.length), 0);
      if (waiting > MOST_WAITING) leave('more was typed than the terminal takes');
      else if (!isBusy) pump().catch(() => leave('the terminal of the agent takes no keys'));
    },
    count: () => typed,
  };
};

/**
 * Shows a guest the screen, one picture after the other: the next one is made when the one before was read, so that nothing
 * is kept for a guest who reads slowly. Whoever says what a guest may not say is cut off.
 */
export const welcomeGuest = (link: Link, { picture, type }: Parts): RelayGuest => {
  const { promise: left, resolve } = Promise.withResolvers<{ why: string; typed: number }>();
  let reason = 'left';
  const leave = (why: string): void => {
    reason = why;
    link.close();
  };
  const typing = type && makeTyping(link, type, leave);
  link.onFrame((text) => {
    const frame = typing ? readGuestFrame(text) : undefined;
    if (frame) typing?.take(frame.events);
    else leave('said what a guest may not say, and was cut off');
  });
  void link.ended.then(() => link.close());
  void link.closed.then(() => resolve({ why: reason, typed: typing?.count() ?? 0 }));

  let shown: Picture | undefined;
  let isDue = false;
  let isBusy = false;
  const show = async (): Promise<void> => {
    isBusy = true;
    while (isDue && !link.isClosed) {
      isDue = false;
      const now = picture();
      const news = now && newsOf(shown, now);
      shown = now ?? shown;
      if (news) say(link, news);
      await Promise.all([link.drained(), pause(TICK_MS)]);
    }
    isBusy = false;
  };
  return {
    touch: () => {
      isDue = true;
      if (!isBusy) show().catch(() => leave('the screen could not be shown'));
    },
    end: async (message) => {
      reason = message;
      await sayFarewell(link, 0, message);
    },
    left,
  };
};
