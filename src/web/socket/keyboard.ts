import { messageOf } from '../../lib/errors.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { TerminalPlace, Typist } from '../swarm/served-repository.ts';
import type { TypedEvent } from '../wire.ts';
import type { PageLine } from './terminals.ts';

/** What a person can type before a terminal takes it, in characters; whoever sends more is told that it does not. */
const MOST_WAITING = 256 * 1024;

/** Gives what a page types to the one agent whose keyboard it has. */
type Keyboard = {
  take(instance: string): void;
  type(instance: string, events: readonly TypedEvent[]): void;
  giveBack(instance: string): void;
  close(): void;
};

type Parts = {
  /** Asks the daemon for the place, as the visitor: it knows who may. */
  readonly ask: (instance: string) => Promise<Reply>;
  readonly open: (place: TerminalPlace) => Promise<Typist>;
  /** Whether the visitor may still be here. */
  readonly holds: () => boolean;
  readonly line: Pick<PageLine, 'send'>;
};

type Seat = { readonly instance: string; queue: TypedEvent[]; typist: Typist | null; isBusy: boolean };

const lengthOf = (event: TypedEvent): number => (event.kind === 'key' ? 1 : event.text.length);

/** Closes it when all that it was given is typed; what goes wrong then nobody can do anything about. */
const closeQuietly = (typist: Typist | null): void => void typist?.close().catch(() => undefined);

export const openKeyboard = ({ ask, open, holds, line }: Parts): Keyboard => {
  let current: Seat | null = null;
  const isCurrent = (seat: Seat): boolean => current === seat;
  /** Whether the page has left it, and typed nothing that is still to arrive. */
  const isLeft = (seat: Seat): boolean => !isCurrent(seat) && seat.queue.length === 0;
  const tell = ({ instance }: Seat, on: boolean, message: string | null = null): void =>
    line.send({ kind: 'typing', instance, on, message });

  /** Ends it; keys that were typed before still arrive. */
  const leave = (): void => {
    const seat = current;
    current = null;
    if (seat && !seat.isBusy) closeQuietly(seat.typist);
  };
  const fail = (seat: Seat, message: string): void => {
    if (!isCurrent(seat)) return;
    seat.queue = [];
    leave();
    tell(seat, false, message);
  };
  /** One after the other, in the order in which it was typed. */
  const pump = async (seat: Seat): Promise<void> => {
    if (seat.isBusy || !seat.typist) return;
    seat.isBusy = true;
    try {
      while (seat.queue.length > 0) await seat.typist.type(seat.queue.splice(0));
    } catch (error) {
      fail(seat, messageOf(error));
    } finally {
      seat.isBusy = false;
      if (!isCurrent(seat)) closeQuietly(seat.typist);
    }
  };
  const begin = async (seat: Seat): Promise<void> => {
    const reply = await ask(seat.instance);
    if (isLeft(seat)) return;
    if (reply.exit !== 0) return fail(seat, reply.message);
    seat.typist = await open(reply.data as TerminalPlace);
    if (isLeft(seat)) return closeQuietly(seat.typist);
    if (isCurrent(seat)) tell(seat, true);
    await pump(seat);
  };
  return {
    take: (instance) => {
      leave();
      const seat: Seat = { instance, queue: [], typist: null, isBusy: false };
      current = seat;
      void begin(seat).catch((error: unknown) => fail(seat, messageOf(error)));
    },
    type: (instance, events) => {
      const seat = current;
      if (seat?.instance !== instance) return;
      if (!holds()) return fail(seat, 'your session has ended');
      seat.queue.push(...events);
      if (seat.queue.reduce((sum, event) => sum + lengthOf(event), 0) > MOST_WAITING)
        return fail(seat, 'more is typed than its terminal takes');
      void pump(seat);
    },
    giveBack: (instance) => {
      const seat = current;
      if (seat?.instance !== instance) return;
      leave();
      tell(seat, false);
    },
    close: leave,
  };
};
