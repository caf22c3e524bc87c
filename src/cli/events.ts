import { locate } from '../client/locate.ts';
import { connectOrStart } from '../client/start.ts';
import type { AppEvent } from '../state/index.ts';
import type { Flags, Io } from './io.ts';
import { printLine } from './print.ts';
import { sayArguments } from './say.ts';

const shown = (event: AppEvent, flags: Flags): string =>
  flags.json || flags.jsonl
    ? JSON.stringify(event)
    : `${event.seq} ${event.at} ${event.actor} ${event.type} ${JSON.stringify(event.data)}`;

/** `drover events list`, or `drover events follow [--from N]`: a line an event, over restarts of the daemon as well. */
export const events = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  if (argv[0] !== 'follow') return sayArguments(io, flags, ['events', ...argv]);
  const at = argv.findIndex((word) => word === '--from');
  let next = at < 0 ? Number(argv.find((word) => word.startsWith('--from='))?.slice(7) ?? 0) : Number(argv[at + 1]);
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  while (!stopped.signal.aborted) {
    const connection = await connectOrStart(locate(io.cwd, io.env), io.env);
    stopped.signal.addEventListener('abort', () => connection.close(), { once: true });
    connection.onFrame((frame) => {
      if (frame['kind'] === 'state' && next === 0) next = (frame['state'] as { seq: number }).seq + 1;
      if (frame['kind'] !== 'events') return;
      for (const event of frame['events'] as AppEvent[]) {
        if (event.seq < next) continue;
        next = event.seq + 1;
        printLine(io.stdout, shown(event, flags));
      }
    });
    connection.send({ v: 1, kind: 'subscribe', ...(next > 0 ? { from: next } : {}) });
    await connection.closed;
  }
  return 0;
};
