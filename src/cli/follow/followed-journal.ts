import type { DaemonFrame } from '../../client/daemon-frame.ts';
import type { AppEvent } from '../../state/index.ts';

type Journal = Extract<DaemonFrame, { readonly kind: 'journal' }>;

/** How many of the last events of a journal that was replaced are looked through for those that are news. */
const LOOKED_THROUGH = 10_000;

/** What tells an event from another one of its number, which a journal has that was put in the place of this one. */
const stampOf = ({ at, corr, actor, type }: AppEvent): string => [at, corr, actor, type].join(' ');

/** What is to be done with the connection, and what is to be said to who follows. */
type Step = { readonly said?: string; readonly isOver: boolean };

const GO_ON: Step = { isOver: false };

/**
 * Knows where who follows events is in a journal, over its connections. A backup may be put in the place of the journal
 * between two of them: the last event that was seen is asked for once more and is then another one, or not there. What has
 * happened in the new journal since that one is news.
 */
export const makeFollowedJournal = (from: number | undefined, now: () => string) => {
  let next = from;
  let last: { readonly at: string; readonly stamp: string } | undefined;
  /** Since when it is followed; before the first connection of nobody. */
  let begun: string | undefined;
  /** While a journal that took the place of another is looked through: only what happened later is told. */
  let since: string | undefined;
  let end = 0;

  const replaced = (): Step => {
    since = last?.at ?? begun ?? '';
    last = undefined;
    next = Math.max(1, end - LOOKED_THROUGH + 1);
    return { said: `the journal was replaced, what has happened in it since ${since} is told`, isOver: true };
  };
  const isSame = (event: AppEvent): boolean => last === undefined || last.stamp === stampOf(event);
  const beginAt = (first: number | undefined): Step => {
    if (first === undefined || first <= next!) return GO_ON;
    next = first;
    return since === undefined ? { said: `the journal begins with event ${first}`, isOver: false } : GO_ON;
  };

  return {
    /** The number of the event from which on they are to be sent; undefined: what comes. */
    ask: (): number | undefined =>
      begun === undefined || since !== undefined || next === undefined ? next : Math.max(1, next - 1),
    /** The number of the first event that was not told. */
    get next() {
      return next;
    },
    /** Hears of the state of a daemon that was asked for what comes. */
    noteState: (seq: number): void => {
      next ??= seq + 1;
      begun ??= now();
    },
    /** Hears where the journal begins and ends. */
    noteJournal: ({ first, last: seq }: Journal): Step => {
      const isFirst = begun === undefined;
      begun ??= now();
      end = seq;
      if (since !== undefined || seq >= next! - 1) return beginAt(first);
      if (!isFirst) return replaced();
      next = seq + 1;
      return { said: `the journal ends with event ${seq}: what comes after that is told`, isOver: false };
    },
    /** Takes the next event; whether it is to be told. */
    take: (event: AppEvent): Step & { readonly isNews: boolean } => {
      if (event.seq + 1 === next && since === undefined && !isSame(event)) return { ...replaced(), isNews: false };
      if (event.seq < (next ?? 0)) return { ...GO_ON, isNews: false };
      // What comes behind the end that was told is news, whatever the clock says.
      const isNews = since === undefined || event.at > since || event.seq > end;
      if (isNews) since = undefined;
      next = event.seq + 1;
      last = { at: event.at, stamp: stampOf(event) };
      return { ...GO_ON, isNews };
    },
  };
};
