/** 1 failed, 2 usage, 3 not found, 4 denied, 5 needs confirmation, 6 conflict, 7 no daemon, 124 timed out or partial. */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 124;

/** A message as a whole sentence, so that others may follow it. */
export const asSentence = (message: string): string => (/[.!?…]$/u.test(message) ? message : `${message}.`);

/** What a thrown value says of itself, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code by which the system, or a catalogue of errors, names one; empty when it has none. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

/** Whether there was no room for what was to be written. */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error));

/** A failure whose text is meant for a person. Anything else that is thrown is a bug and keeps its stack. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string;

  constructor(code: string, exit: ExitCode, text: { message: string; hint: string }, cause?: unknown) {
    super(text.message, { cause });
    this.code = code;
    this.exit = exit;
    this.hint = text.hint;
  }
}

/** What a thrown value says of itself, and what helps, where that is known. */
export const adviceOf = (error: unknown): string =>
  error instanceof AppError ? `${asSentence(error.message)} ${error.hint}` : messageOf(error);

/** What a log says of a thrown value: an error that is a bug comes with its stack. */
export const traceOf = (error: unknown): string =>
  error instanceof Error && !(error instanceof AppError) && error.stack !== undefined ? error.stack : adviceOf(error);

/**
 * Declares one kind of failure. The result is a function that makes the error,
 * with `matches` to recognise it after it crossed a socket or a realm.
 */
export const defineError = <P = void>(
  code: string,
  exit: ExitCode,
  text: (params: P) => { message: string; hint: string },
) =>
  Object.assign((params: P, cause?: unknown) => new AppError(code, exit, text(params), cause), {
    code,
    matches: (error: unknown): error is AppError => error instanceof Error && 'code' in error && error.code === code,
  });
