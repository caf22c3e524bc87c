import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../client/connection.ts';
import { locate } from '../client/locate.ts';
import { connectOrStart, tryConnect } from '../client/start.ts';
import { defineError } from '../lib/errors.ts';
import type { AppEvent } from '../state/index.ts';
import { type Flags, type Io, untilInterrupted } from './io.ts';
import { readOptions } from './options.ts';
import { printLine } from './print.ts';
import { sayArguments } from './say.ts';

const badNumber = defineError('events/bad-number', 2, (p: { value: string }) => ({
  message: `--from ${p.value} is not the number of an event.`,
  hint: 'Usage: drover events follow [--from N]; "drover events list" shows the numbers.',
}));

const shown = (event: AppEvent, flags: Flags): string =>
  flags.json || flags.jsonl
    ? JSON.stringify(event)
    : `${event.seq} ${event.at} ${event.actor} ${event.type} ${JSON.stringify(event.data)}`;

const numberOf = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/u.test(value)) throw badNumber({ value });
  return Number(value);
};

type Progress = { next: number | undefined };

/** Tells of what comes over one connection until it ends; true when the daemon said that it was told to end. */
const listen = async (
  connection: Connection,
  progress: Progress,
  tell: (event: AppEvent) => void,
): Promise<boolean> => {
  let dismissed = false;
  connection.onFrame((frame) => {
    if (frame['kind'] === 'bye') dismissed = true;
    if (frame['kind'] === 'state') progress.next ??= (frame['state'] as { seq: number }).seq + 1;
    if (frame['kind'] !== 'events') return;
    for (const event of frame['events'] as AppEvent[]) {
      if (event.seq < (progress.next ?? 0)) continue;
      progress.next = event.seq + 1;
      tell(event);
    }
  });
  connection.send({ v: 1, kind: 'subscribe', ...(progress.next === undefined ? {} : { from: progress.next }) });
  await connection.closed;
  return dismissed;
};

const LOOK_MS = 250;

/** `drover events list`, or `drover events follow [--from N]`: a line an event, over restarts of the daemon as well. */
export const events = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  if (argv[0] !== 'follow') return sayArguments(io, flags, ['events', ...argv]);
  const { values } = readOptions(argv.slice(1), { values: ['from'] });
  const progress: Progress = { next: numberOf(values['from']) };
  const paths = locate(io.cwd, io.env);
  const signal = untilInterrupted();
  // A daemon that was told to end is not started again by somebody who only looks.
  let dismissed = false;
  while (!signal.aborted) {
    const connection = await (dismissed ? tryConnect(paths) : connectOrStart(paths, io.env));
    if (!connection) {
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const close = () => connection.close();
    if (signal.aborted) close();
    signal.addEventListener('abort', close, { once: true });
    dismissed = await listen(connection, progress, (event) => printLine(io.stdout, shown(event, flags)));
    signal.removeEventListener('abort', close);
  }
  return 0;
};
