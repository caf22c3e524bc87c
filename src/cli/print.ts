import { AppError, asSentence, defineError } from '../lib/errors.ts';
import { oneLine, shown } from '../lib/text.ts';
import type { Reply } from '../ports/swarm.ts';
import type { ActionResult } from '../protocol/action.ts';
import { refusalBySystem } from '../state/store/errors.ts';
import type { Flags, Io } from './io.ts';

export const printLine = (stream: NodeJS.WriteStream, text: string): void => {
  if (text !== '') stream.write(text.endsWith('\n') ? text : `${text}\n`);
};

/** JSON with nothing in it that a terminal would act on: what JSON itself lets pass is written as an escape. */
export const jsonText = (value: unknown, indent = 0): string => shown(JSON.stringify(value ?? null, null, indent));

const bug = defineError('cli/bug', 1, (p: { what: string }) => ({
  message: `Drover failed in a way that nobody foresaw: ${p.what}`,
  hint: 'This is a bug. Run it again with -v to see where, and report that.',
}));

const forPerson = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return refusalBySystem(error) ?? bug({ what: oneLine(what) }, error);
};

/** What happens on the side, for those who asked for it by -v. */
export const printNote = (io: Pick<Io, 'stderr'>, flags: Pick<Flags, 'verbose'>, text: string): void => {
  if (flags.verbose) printLine(io.stderr, `· ${shown(text)}`);
};

/** One sentence and what to do, on stderr; the exit code. Where it happened is told to those who want to know. */
export const printError = (io: Pick<Io, 'stderr'>, error: unknown, flags = { verbose: false }): number => {
  const known = forPerson(error);
  const { message, hint, exit, code, cause } = known;
  printLine(io.stderr, `drover: ${asSentence(shown(message))}`);
  printLine(io.stderr, shown(hint));
  printNote(io, flags, `${code}${cause instanceof Error && cause.stack ? `: ${cause.stack}` : ''}`);
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

/** Whether the data of an answer is an error's code alone; a failure with more to say, such as a newer record, is printed. */
export const isFailure = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && Object.keys(data).join() === 'code';

/** How an answer is printed: as the whole ActionResult or its data alone, and where in a script its command stands. */
type Manner = { readonly whole: boolean; readonly place?: string };

/** The lines of an answer on stdout; a failure that has no more to say than its code has none. */
const resultLines = (reply: Reply, flags: Flags, whole: boolean): readonly string[] => {
  const { data } = reply;
  if (!flags.json && !flags.jsonl) return reply.exit === 0 && !flags.quiet ? [reply.text] : [];
  if (whole) return [jsonText(asResult(reply), flags.json ? 2 : 0)];
  if (isFailure(data)) return [];
  if (flags.json) return [jsonText(data, 2)];
  return (Array.isArray(data) ? data : [data]).map((one) => jsonText(one));
};

/** Prints an answer: results on stdout, what went wrong on stderr. Returns the exit code. */
export const printReply = (
  io: Io,
  reply: Reply,
  flags: Flags,
  { whole, place = '' }: Manner = { whole: false },
): number => {
  for (const line of resultLines(reply, flags, whole)) printLine(io.stdout, line);
  if (reply.exit !== 0) {
    printLine(io.stderr, `drover: ${place}${asSentence(reply.message)}`);
  }
  if (reply.hint && !flags.quiet) printLine(io.stderr, reply.hint);
  for (const effect of reply.sideEffects) printNote(io, flags, effect);
  if (reply.correlation) printNote(io, flags, `took ${reply.elapsedMs} ms, as ${reply.correlation}`);
  return reply.exit;
};
