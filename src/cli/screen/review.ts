import { locate } from '../../client/locate.ts';
import type { ReviewData } from '../../text/review-data.ts';
import type { Flags, Io } from '../io.ts';
import { printReply } from '../print.ts';
import { converse, sayArguments } from '../say.ts';
import { showTui } from './tui.ts';

/** `drover review 3.1`: the review on the screen where somebody looks at one, else printed. */
export const review = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const isSeen = io.stdin.isTTY && io.stdout.isTTY && io.env['TERM'] !== 'dumb' && !flags.json && !flags.jsonl;
  const line = ['review', ...argv];
  // With more than a task it is a question with an answer, which is printed.
  if (!isSeen || argv.filter((word) => word !== 'task').length !== 1) return sayArguments(io, flags, line);
  const reply = await converse(io, flags, { argv: line });
  if (reply.exit !== 0) return printReply(io, reply, flags);
  return showTui(io, locate(io.cwd, io.env), { review: (reply.data as ReviewData).task });
};
