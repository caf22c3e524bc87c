import { type AppError, adviceOf } from '../lib/errors.ts';
import { STORE_FAILED } from '../protocol/frame.ts';

export type Ending = {
  /** Resolves with what clients are told when somebody has asked for the end. */
  readonly asked: Promise<string>;
  /** Asks for it; `why` is what clients are told. */
  ask(why: string): void;
  /**
   * Asks for it as soon as the command of this correlation id has its answer, `again` to be started again; whether somebody
   * watches who does.
   */
  askAfter(correlation: string, again: boolean): boolean;
  /** Whether the next daemon is to be started by whoever watches over this one. */
  isAgain(): boolean;
  /** Hears of each answer that was handed to its client. */
  noteAnswered(correlation: string): void;
  /** Asks for it because nothing can be recorded any more. */
  fail(error: AppError): void;
  /** Why nothing can be recorded any more. */
  failure(): AppError | null;
};

/** How the daemon comes to its end: by a command, by a signal, or because its store has failed. */
export const makeEnding = (log: (line: string) => void, isWatched: boolean): Ending => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<string>();
  let failure: AppError | null = null;
  let last: string | undefined;
  let isAgain = false;
  return {
    asked,
    ask,
    // Whoever ends it for good while it is about to be started again has the last word.
    askAfter: (correlation, again) => {
      last = correlation;
      isAgain = again && isWatched;
      return isAgain;
    },
    isAgain: () => isAgain && !failure,
    // Somebody else may be answered in between: whoever ended the daemon would then ask the next one.
    noteAnswered: (correlation) => {
      if (last === correlation) ask('down');
    },
    fail: (error) => {
      if (failure) return;
      failure = error;
      log(`the daemon ends: ${adviceOf(error)}`);
      // Those who are waiting are answered first, with this very error.
      setImmediate(() => ask(STORE_FAILED));
    },
    failure: () => failure,
  };
};
