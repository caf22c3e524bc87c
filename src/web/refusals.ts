import type { Note } from '../client/request.ts';
import type { AppError } from '../lib/errors.ts';
import { oneLine, shorten } from '../lib/text.ts';

/** So many refusals of a minute are written down one by one; of what comes on top the number is. */
const MOST_OF_A_MINUTE = 30;
const MINUTE_MS = 60_000;
/** So many wait for a daemon that could write them down. */
const MOST_WAITING = 200;
const AGAIN_MS = 5000;

/** What was refused: of whom, as far as that is known, and why. */
type Refused = {
  /** The name of the token, where one let somebody in. */
  readonly who: string | undefined;
  /** What was asked for: a method and a path, never the words that were given with it. */
  readonly what: string;
  readonly from: string;
  readonly why: AppError;
};

export type Refusals = {
  add(refused: Refused): void;
  close(): void;
};

type Options = {
  /** Has it written down; false where no daemon runs. Rejects where it could not be said. */
  readonly note: (note: Note) => Promise<boolean>;
  readonly now: () => number;
};

const noteOf = ({ who, what, from, why }: Refused): Note => ({
  actor: who === undefined ? 'web' : `web:${who}`,
  command: shorten(oneLine(`web: ${what} from ${from}`), 200),
  decision: 'denied',
  result: `${why.message} (${why.code})`,
});

/**
 * Has what the page's server refuses written down in the audit. Whoever asks a thousand times fills neither the disk nor our
 * memory: what is above a number is counted. No daemon is started for it; what waits is written when one is there.
 */
export const openRefusals = ({ note, now }: Options): Refusals => {
  let waiting: readonly Note[] = [];
  let minute = { begun: now(), count: 0, left: 0 };
  let isWriting = false;
  let timer: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;

  const write = async (): Promise<void> => {
    for (let [next] = waiting; next; [next] = waiting) {
      if (!(await note(next).catch(() => false))) {
        timer = setTimeout(start, AGAIN_MS).unref();
        return;
      }
      waiting = waiting.slice(1);
    }
  };
  const start = (): void => {
    if (isWriting) return;
    isWriting = true;
    clearTimeout(timer);
    void write().finally(() => {
      isWriting = false;
    });
  };
  const push = (one: Note): void => {
    waiting = [...waiting, one].slice(0, MOST_WAITING);
    start();
  };
  const tellLeft = (): void => {
    const { left } = minute;
    minute = { begun: now(), count: 0, left: 0 };
    clearTimeout(later);
    if (left === 0) return;
    const command = `web: ${left} more requests`;
    push({ actor: 'web', command, decision: 'denied', result: 'They were refused within the same minute.' });
  };
  return {
    add: (refused) => {
      if (now() - minute.begun >= MINUTE_MS) tellLeft();
      if (minute.count >= MOST_OF_A_MINUTE) {
        if (minute.left === 0) later = setTimeout(tellLeft, MINUTE_MS).unref();
        minute.left += 1;
        return;
      }
      minute.count += 1;
      push(noteOf(refused));
    },
    close: () => {
      clearTimeout(timer);
      tellLeft();
    },
  };
};
