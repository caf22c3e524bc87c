import { AppError, asSentence, defineError } from '../lib/errors.ts';
import type { Reply } from '../ports/swarm.ts';
import type { ActionResult } from '../protocol/action.ts';
import { inWords } from '../state/store/errors.ts';
import type { Flags, Io } from './io.ts';

export const printLine = (stream: NodeJS.WriteStream, text: string): void => {
  if (text !== '') stream.write(text.endsWith('\n') ? text : `${text}\n`);
};

const refusedBySystem = defineError('system/refused', 1, (p: { what: string; cause: string; hint: string }) => ({
  message: `${p.cause}: ${p.what}`,
  hint: `${p.hint}, then try again.`,
}));

/** What the system refuses (no right, no room, no file) is the state of the machine and no bug. */
const forPerson = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error;
  const { syscall, path } = error as NodeJS.ErrnoException;
  const { cause, hint } = inWords(error);
  return refusedBySystem({ what: [syscall, path].filter(Boolean).join(' '), cause, hint }, error);
};

/** One sentence and what to do, on stderr; the exit code. Anything that is not meant for a person is a bug and keeps its stack. */
export const printError = (io: Io, error: unknown): number => {
  const { message, hint, exit } = forPerson(error);
  printLine(io.stderr, `drover: ${asSentence(message)}`);
  printLine(io.stderr, hint);
  return exit;
};

/** The answer as the ActionResult document. */
export const asResult = (reply: Reply): ActionResult => ({
  success: reply.exit === 0,
  message: reply.message,
  data: reply.data,
  execution_time: reply.elapsedMs,
  side_effects: [...reply.sideEffects],
  correlation_id: reply.correlation,
});

const isFailure = (data: unknown): boolean => typeof data === 'object' && data !== null && 'code' in data;

/** Prints an answer: results on stdout, what went wrong on stderr. Returns the exit code. */
export const printReply = (io: Io, reply: Reply, flags: Flags, whole: boolean): number => {
  if (flags.json && whole) printLine(io.stdout, JSON.stringify(asResult(reply), null, 2));
  else if (flags.jsonl && whole) printLine(io.stdout, JSON.stringify(asResult(reply)));
  else if (flags.json && !isFailure(reply.data)) printLine(io.stdout, JSON.stringify(reply.data, null, 2));
  else if (flags.jsonl && !isFailure(reply.data))
    for (const one of Array.isArray(reply.data) ? reply.data : [reply.data]) printLine(io.stdout, JSON.stringify(one));
  else if (reply.exit === 0 && !flags.quiet) printLine(io.stdout, reply.text);
  if (reply.exit !== 0) {
    printLine(io.stderr, `drover: ${asSentence(reply.message)}`);
    if (reply.hint) printLine(io.stderr, reply.hint);
  } else if (flags.verbose) for (const effect of reply.sideEffects) printLine(io.stderr, `· ${effect}`);
  return reply.exit;
};
