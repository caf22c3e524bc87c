import { locate } from '../client/locate.ts';
import { openReplica } from '../client/replica.ts';
import { registry } from '../commands/index.ts';
import type { Paths } from '../lib/paths.ts';
import { followLog } from '../logs/follow.ts';
import { hintFor } from '../protocol/hint.ts';
import { parse } from '../protocol/parse.ts';
import { attachCommand, type Place } from './attach.ts';
import { type Io, viewOf } from './io.ts';
import { completions, historyIn, remembering, strings } from './tui-client.ts';

const HISTORY = 'history';
/** Shows the swarm of a repository on this terminal until the user leaves; the agents go on. */
export const showTui = async (
  io: Io,
  paths: Paths,
  more: { notice?: Promise<string>; farewell?: string } = {},
): Promise<number> => {
  process.env['NODE_ENV'] ??= 'production';
  const [{ runTui }, { pageTextWidth }, { terminalIo }] = await Promise.all([
    import('../tui/run-tui.ts'),
    import('../tui/page.ts'),
    import('../tui/terminal-io.ts'),
  ]);
  const terminal = terminalIo(io.env, io.stdout);
  const replica = await openReplica({
    paths,
    env: io.env,
    view: () => ({ ...viewOf(io), columns: pageTextWidth(terminal.size().columns), color: false }),
    actor: 'tui',
  });
  const file = `${paths.state}/${HISTORY}`;
  const history = await historyIn(file);
  try {
    return await runTui({
      client: remembering(replica, file),
      repository: paths.root.split('/').at(-1) ?? paths.root,
      follow: (id, sink) => followLog(`${paths.logs}/${id}`, sink, { size: { cols: 120, rows: 36 } }),
      guest: (text, reply) => {
        const parsed = parse(text, registry.signatures);
        if (!parsed.ok || parsed.meaning.verb !== 'attach') return null;
        const { argv, env } = attachCommand(reply.data as Place, io.env);
        return { argv, env: strings(env) };
      },
      hint: (text) => hintFor(text, registry.signatures),
      complete: completions(replica),
      history,
      io: terminal,
      ...more,
    });
  } finally {
    replica.close();
  }
};

/** `drover` on a terminal. */
export const openTui = async (io: Io): Promise<number> => showTui(io, locate(io.cwd, io.env));
