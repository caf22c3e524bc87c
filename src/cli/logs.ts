import { once } from 'node:events';
import { locate } from '../client/locate.ts';
import { followLog } from '../logs/follow.ts';
import { plainText } from '../logs/plain.ts';
import { type Flags, type Io } from './io.ts';
import { printReply } from './print.ts';
import { converse } from './say.ts';

/** `drover logs ID [-f]`: what an agent's terminal showed, as text; with -f also what it shows from now on. */
export const logs = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const ids = argv.filter((word) => word !== '-f' && word !== '--follow');
  const reply = await converse(io, flags, { argv: ['show', 'log', ...ids] });
  const exit = printReply(io, reply, flags, false);
  if (exit !== 0 || ids.length === argv.length) return exit;
  const { logs: folder } = locate(io.cwd, io.env);
  const { instance } = reply.data as { instance: string };
  const text = plainText();
  let skip = true;
  const follower = followLog(
    `${folder}/${instance}`,
    {
      reset: () => undefined,
      data: (bytes) => {
        const lines = text.push(bytes);
        if (!skip) for (const line of lines) io.stdout.write(`${line}\n`);
      },
    },
    { size: { cols: 80, rows: 24 } },
  );
  setImmediate(() => {
    skip = false;
  });
  await once(process, 'SIGINT');
  follower.close();
  return 0;
};
