import { AppError, type ExitCode } from '../lib/errors.ts';
import { noDaemon } from './errors.ts';
import { BIRTH_MS } from './start-claim.ts';

type Refusal = { readonly code: string; readonly exit: ExitCode; readonly message: string; readonly hint: string };

/** How the start of a daemon went; `silent` where it ended without a word. */
export type Birth = { readonly ready: true } | { readonly error: Refusal } | { readonly silent: string };

type StartJudge = (birth: Birth, isHeld: boolean) => AppError | undefined;

/** What a daemon says that cannot start. */
export const refusalOf = ({ code, exit, message, hint }: Refusal): AppError =>
  new AppError(code, exit, { message, hint });

/** How long starts that help nobody are tried again, in milliseconds. */
const PATIENCE_MS = 10_000;
/** A daemon that ends at its start without a word was killed, which may happen once or twice. */
const SILENT_STARTS = 3;

/**
 * Judges starts one after the other: says why another one would be of no use; undefined when it may help. `isHeld` says that
 * a daemon lives that has the state of this repository.
 */
export const makeStartJudge = (now: () => number = () => performance.now()): StartJudge => {
  const began = now();
  const isLate = (patience = PATIENCE_MS): boolean => now() - began >= patience;
  const starts = { born: 0, silent: 0 };
  const refused = (refusal: Refusal, isHeld: boolean): AppError | undefined => {
    // Somebody else was quicker and is not listening yet: that one is waited for, as long as a start may take.
    const isWaitedFor = refusal.code === 'store/locked' && !isLate(isHeld ? BIRTH_MS : PATIENCE_MS);
    return isWaitedFor ? undefined : refusalOf(refusal);
  };
  return (birth, isHeld) => {
    if ('ready' in birth) {
      starts.born += 1;
      // On a busy machine the start alone may take that long: what has started is always tried.
      return starts.born > 1 && isLate() ? noDaemon({ why: 'it ends as soon as it has started' }) : undefined;
    }
    if ('silent' in birth) {
      starts.silent += 1;
      return starts.silent < SILENT_STARTS ? undefined : noDaemon({ why: birth.silent });
    }
    return refused(birth.error, isHeld);
  };
};
