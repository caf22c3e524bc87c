import type { Io } from './io.ts';

/** The signals that ask a program to end, and the exit code that tells of each: 128 and the number of the signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** The same for SIGPIPE: whoever read our output has gone. */
const NOBODY_READS = 141;

type Closable = { close(): Promise<void> };

/**
 * Opens something that must not be left behind, works with it and closes it. A signal, or the end of whoever reads our
 * output, closes it first and then ends the process; also while it is still being opened.
 */
export const withCleanEnd = async <S extends Closable, T>(
  io: Io,
  open: () => Promise<S>,
  work: (opened: S) => Promise<T>,
): Promise<T> => {
  const opening = open();
  let leaving = false;
  const leave = (code: number) => (): void => {
    if (leaving) return;
    leaving = true;
    const closed = opening.then((opened) => opened.close());
    void closed.catch(() => undefined).finally(() => process.exit(code));
  };
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => [signal, leave(code)] as const);
  const unread = leave(NOBODY_READS);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  io.stdout.on('error', unread);
  try {
    const opened = await opening;
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  } catch (error) {
    // What failed because it was closed under its feet is not worth a word.
    if (leaving) return await new Promise<never>(() => undefined);
    throw error;
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    io.stdout.off('error', unread);
  }
};
