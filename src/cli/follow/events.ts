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

/** The types that are asked for; undefined for all. The schemas of the events are loaded only to name them. */
const typesOf = async (value: string | undefined): Promise<ReadonlySet<string> | undefined> =>
  value === undefined ? undefined : (await import('../../state/event-types.ts')).eventTypesOf(value);

/** `drover events list`, or `drover events follow [--from N] [--type T]`: a line an event, over restarts of the daemon as well. */
export const events = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  if (argv[0] !== 'follow') return sayArguments(io, flags, ['events', ...argv]);
  const { values } = readOptions(argv.slice(1), { values: ['from', 'type'] });
  const types = await typesOf(values['type']);
  let next = numberOf(values['from']);
  let full = false;
  let refusal: AppError | undefined;
  const refused = new AbortController();

  const tell = (event: AppEvent, connection: Connection): void => {
    if (event.seq < (next ?? 0)) return;
    next = event.seq + 1;
    if (types?.has(event.type) === false || io.stdout.write(`${lineOf(event, flags)}\n`) || full) return;
    // The reader is slow: the daemon keeps for us what it has to say, or lets us ask again.
    full = true;
    connection.pause();
    io.stdout.once('drain', () => {
      full = false;
      connection.resume();
    });
  };
  const join = (connection: Connection) => {
    printNote(io, flags, next === undefined ? 'connected' : `connected, from event ${next} on`);
    connection.send({ v: 1, kind: 'subscribe', ...(next === undefined ? {} : { from: next }) });
    return (frame: DaemonFrame): void => {
      if (frame.kind === 'state') next ??= frame.state.seq + 1;
      if (frame.kind === 'refused' && frame.error) {
        const { code, exit, hint } = frame.error;
        refusal = new AppError(code, exit, { message: frame.message, hint });
        refused.abort();
      }
      if (frame.kind === 'events') for (const event of frame.events) tell(event, connection);
    };
  };
  const lost = (why: Error | undefined): void => {
    if (why) printError(io, why);
    else printNote(io, flags, 'the daemon is gone, waiting for the next');
  };
  const paths = locate(io.cwd, io.env);
  const silent = silenceTeller(paths, (line) => printLine(io.stderr, `drover: ${line}`));
  const signal = AbortSignal.any([untilInterrupted(), refused.signal]);
  await stayConnected({ paths, env: io.env, signal, lost, silent }, join);
  if (refusal) throw refusal;
  return 0;
};
