import type { Connection } from '../../client/connection.ts';
import type { DaemonFrame } from '../../client/daemon-frame.ts';
import { locate } from '../../client/locate.ts';
import { AppError, defineError } from '../../lib/errors.ts';
import { shown } from '../../lib/text.ts';
import type { AppEvent } from '../../state/index.ts';
import { type Flags, type Io, untilInterrupted } from '../io.ts';
import { readOptions } from '../options.ts';
import { jsonText, printError, printLine, printNote } from '../print.ts';
import { sayArguments } from '../say.ts';
import { makeFollowedJournal } from './followed-journal.ts';
import { silenceTeller } from './silence.ts';
import { stayConnected } from './stay-connected.ts';

const badNumber = defineError('events/bad-number', 2, (p: { value: string }) => ({
  message: `--from ${p.value} is not the number of an event.`,
  hint: 'Usage: drover events follow [--from N] [--type TYPE]; "drover events list" shows the numbers.',
}));

const lineOf = (event: AppEvent, flags: Flags): string =>
  flags.json || flags.jsonl
    ? jsonText(event)
    : shown(`${event.seq} ${event.at} ${event.actor} ${event.type} ${JSON.stringify(event.data)}`);

const numberOf = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/u.test(value)) throw badNumber({ value });
  return Number(value);
};

type Refused = Extract<DaemonFrame, { readonly kind: 'refused' }>;

/** The types that are asked for; undefined for all. The schemas of the events are loaded only to name them. */
const typesOf = async (value: string | undefined): Promise<ReadonlySet<string> | undefined> =>
  value === undefined ? undefined : (await import('../../state/event-types.ts')).eventTypesOf(value);

/** `drover events list`, or `drover events follow [--from N] [--type T]`: a line an event, over restarts of the daemon as well. */
export const events = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  if (argv[0] !== 'follow') return sayArguments(io, flags, ['events', ...argv]);
  const { values } = readOptions(argv.slice(1), { values: ['from', 'type'] });
  const types = await typesOf(values['type']);
  const journal = makeFollowedJournal(numberOf(values['from']), () => new Date().toISOString());
  let isLeft = false;
  let full = false;
  let refusal: AppError | undefined;
  const refused = new AbortController();

  const say = (line: string): void => printLine(io.stderr, `drover: ${line}`);
  /** Does what follows from a look at the journal; what is over is begun anew by the next connection. */
  const follow = ({ said, isOver }: ReturnType<typeof journal.noteJournal>, connection: Connection): void => {
    if (said !== undefined) say(said);
    if (!isOver) return;
    isLeft = true;
    connection.close();
  };
  const end = ({ message, error }: Refused): void => {
    if (error) refusal = new AppError(error.code, error.exit, { message, hint: error.hint });
    refused.abort();
  };
  const tell = (event: AppEvent, connection: Connection): void => {
    if (isLeft) return;
    const step = journal.take(event);
    follow(step, connection);
    if (!step.isNews || types?.has(event.type) === false || io.stdout.write(`${lineOf(event, flags)}\n`) || full)
      return;
    // The reader is slow: the daemon keeps for us what it has to say, or lets us ask again.
    full = true;
    connection.pause();
    io.stdout.once('drain', () => {
      full = false;
      connection.resume();
    });
  };
  const take = (frame: DaemonFrame, connection: Connection): void => {
    if (isLeft) return;
    if (frame.kind === 'state') journal.noteState(frame.state.seq);
    if (frame.kind === 'journal') follow(journal.noteJournal(frame), connection);
    if (frame.kind === 'refused') end(frame);
    if (frame.kind === 'events') for (const event of frame.events) tell(event, connection);
  };
  const join = (connection: Connection) => {
    const from = journal.ask();
    isLeft = false;
    printNote(io, flags, from === undefined ? 'connected' : `connected, from event ${journal.next} on`);
    connection.send({ v: 1, kind: 'subscribe', ...(from === undefined ? {} : { from }) });
    return (frame: DaemonFrame): void => take(frame, connection);
  };
  const lost = (why: Error | undefined): void => {
    if (why) printError(io, why);
    else if (!isLeft) printNote(io, flags, 'the daemon is gone, waiting for the next');
  };
  const paths = locate(io.cwd, io.env);
  const silent = silenceTeller(paths, say);
  const signal = AbortSignal.any([untilInterrupted(), refused.signal]);
  await stayConnected({ paths, env: io.env, signal, lost, silent }, join);
  if (refusal) throw refusal;
  return 0;
};
