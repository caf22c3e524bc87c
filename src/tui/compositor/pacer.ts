/** Sends frames no faster than the far end shows them: after each one the terminal's answer is awaited. */
export type Pacer = {
  /** Whether a frame may be sent now. */
  readonly free: boolean;
  /** Marks a frame as sent and returns the question to append to it. */
  markSent(): string;
  markAnswered(): void;
  stop(): void;
};

const ASK = '\u001B[5n';
const PATIENCE_MS = 2000;

/**
 * `onFree` is called when the answer came, or is given up after two seconds. A terminal that lets the first question
 * time out is taken to know no answer and is not asked again.
 */
export const makePacer = (enabled: boolean, onFree: () => void): Pacer => {
  let asking = enabled;
  let everAnswered = false;
  let timer: NodeJS.Timeout | undefined;
  const release = (): void => {
    clearTimeout(timer);
    timer = undefined;
    onFree();
  };
  return {
    get free() {
      return timer === undefined;
    },
    markSent: () => {
      if (!asking) return '';
      clearTimeout(timer);
      timer = setTimeout(() => {
        asking = everAnswered;
        release();
      }, PATIENCE_MS);
      return ASK;
    },
    markAnswered: () => {
      everAnswered = true;
      if (timer) release();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
};
