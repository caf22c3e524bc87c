import { codeOf } from '../lib/errors.ts';
import type { DaemonServices } from './services.ts';

/** Whether a tmux server was waited for in vain: it may go on later, and does then what it was asked. */
export const isTmuxSilent = (error: unknown): boolean => codeOf(error) === 'tmux/timeout';

/** Does what tmux is needed for, again until it answers, or nobody wants it any more. What is done already must not be done twice. */
export const untilAnswered = async (
  { signal }: Pick<DaemonServices, 'signal'>,
  still: () => boolean,
  work: () => Promise<void>,
): Promise<void> => {
  for (let isDone = false; !isDone; ) {
    isDone = await work().then(
      () => true,
      (error: unknown) => {
        if (signal.aborted || !isTmuxSilent(error)) throw error;
        return !still();
      },
    );
  }
};
