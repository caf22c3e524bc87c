import { locate } from '../client/locate.ts';
import { nobodyThere } from '../client/shut-in.ts';
import type { HealthReport } from '../ports/reflective.ts';
import { healthTable } from '../text/health-rows.ts';
import { drawTable } from '../text/table.ts';
import { askRunning } from './ask-running.ts';
import { type Flags, type Io, viewOf } from './io.ts';
import { readOptions } from './options.ts';
import { waitForHealth } from './patience.ts';
import { isFailure, jsonText, printLine, printReply } from './print.ts';
import { sayArguments } from './say.ts';

/**
 * `drover health`: how each part of the running daemon is; exit code 1 unless all are well, 7 without a daemon, for none
 * is started, 124 when it is silent. With more words it is a command of the language: `drover health swarm`.
 */
export const health = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  if (argv.some((word) => !word.startsWith('-'))) return sayArguments(io, flags, ['health', ...argv]);
  readOptions(argv, {});
  const reply = await askRunning(io, 'status daemon health', waitForHealth);
  if (!reply) throw nobodyThere(locate(io.cwd, io.env), 'none is running');
  if (isFailure(reply.data)) return printReply(io, reply, flags);
  const report = (reply.data as { health: HealthReport }).health;
  if (flags.json) printLine(io.stdout, jsonText(report, 2));
  else if (flags.jsonl) for (const one of report.services) printLine(io.stdout, jsonText(one));
  else if (!flags.quiet || reply.exit !== 0) printLine(io.stdout, drawTable(healthTable(report), viewOf(io)));
  return reply.exit;
};
