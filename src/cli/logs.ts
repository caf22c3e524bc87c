import { locate } from '../client/locate.ts';
import { plainLines } from '../logs/plain.ts';
import { tailLog } from '../logs/tail.ts';
import { type Flags, type Io, untilInterrupted } from './io.ts';
import { printReply } from './print.ts';
import { converse } from './say.ts';

const TAIL_BYTES = 1024 * 1024;

/** `drover logs ID [-f]`: what an agent's terminal showed, as text; with -f also what it shows from now on. */
export const logs = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const words = argv.filter((word) => word !== '-f' && word !== '--follow');
  const reply = await converse(io, flags, { argv: ['show', 'log', ...words] });
  if (reply.exit !== 0 || words.length === argv.length) return printReply(io, reply, flags, false);
  const { instance } = reply.data as { instance: string };
  const folder = `${locate(io.cwd, io.env).logs}/${instance}`;
  const signal = untilInterrupted();
  for await (const line of plainLines(tailLog(folder, { tailBytes: TAIL_BYTES, signal }))) io.stdout.write(`${line}\n`);
  return 0;
};
