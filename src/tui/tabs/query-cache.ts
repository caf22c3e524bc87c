import type { Reply } from '../../ports/swarm.ts';
import type { Answer, Query, QueryAnswers } from './tab.ts';

/**
 * Keeps the answers to the queries of the open tab fresh; no query is sent twice at a time, or more often than it
 * wants.
 */
export type QueryCache = {
  readonly answers: QueryAnswers;
  /** Takes the queries whose answers are wanted now, as of the swarm's state with this number. */
  want(asked: readonly Query[], seq: number): void;
  close(): void;
};

type Options = {
  readonly ask: (text: string) => Promise<Reply>;
  readonly onAnswer: () => void;
  readonly now: () => number;
};

/** As of which state, and when, an answer was asked for that has come. */
type Known = { readonly seq: number; readonly at: number; readonly basis: string | undefined };

/** How many answers are kept, also of tabs that were looked at before. */
const KEPT = 12;

export const openQueryCache = ({ ask, onAnswer, now }: Options): QueryCache => {
  let answers: ReadonlyMap<string, Answer> = new Map();
  const known = new Map<string, Known>();
  const open = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let latest: { asked: readonly Query[]; seq: number } = { asked: [], seq: 0 };

  const send = ({ text, basis }: Query, seq: number): void => {
    open.add(text);
    known.delete(text);
    ask(text)
      .then((reply) => {
        // What is wanted now stays, however much else was looked at since.
        const wanted = new Set(latest.asked.map((one) => one.text));
        const old = [...answers].filter(([other]) => other !== text);
        const dropped = new Set(
          old.filter(([other]) => !wanted.has(other)).slice(0, Math.max(0, old.length + 1 - KEPT)),
        );
        const others = old.filter((one) => !dropped.has(one));
        answers = new Map([...others, [text, { ...reply, basis }]]);
      })
      // A missing daemon is told in the header; the answers that there are stay.
      .catch(() => undefined)
      .finally(() => {
        open.delete(text);
        known.set(text, { seq, at: now(), basis });
        if (!closed) onAnswer();
      });
  };
  /** In how many milliseconds a query is due; infinite while its answer is awaited, or still holds. */
  const dueIn = ({ text, everyMs, always = false, once = false, basis }: Query): number => {
    const last = known.get(text);
    const holds = !always && last?.seq === latest.seq && last.basis === basis && answers.has(text);
    if (open.has(text) || holds || (once && answers.get(text)?.exit === 0)) return Number.POSITIVE_INFINITY;
    return last?.basis === basis && last ? last.at + everyMs - now() : 0;
  };
  const sendDue = (): void => {
    clearTimeout(timer);
    let next = Number.POSITIVE_INFINITY;
    for (const query of latest.asked) {
      const wait = dueIn(query);
      if (wait <= 0) send(query, latest.seq);
      else next = Math.min(next, wait);
    }
    if (Number.isFinite(next)) timer = setTimeout(sendDue, next);
  };
  return {
    get answers() {
      return answers;
    },
    want: (asked, seq) => {
      latest = { asked, seq };
      if (!closed) sendDue();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
};
