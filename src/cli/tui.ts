import { appendFile, readFile } from 'node:fs/promises';
import { locate } from '../client/locate.ts';
import { openReplica } from '../client/replica.ts';
import { registry } from '../commands/index.ts';
import type { Paths } from '../lib/paths.ts';
import { followLog } from '../logs/follow.ts';
import type { SwarmClient } from '../ports/swarm.ts';
import { complete } from '../protocol/complete.ts';
import { hintFor } from '../protocol/hint.ts';
import { parse } from '../protocol/parse.ts';
import { attachCommand, type Place } from './attach.ts';
import { type Io, viewOf } from './io.ts';

const HISTORY = 'history';
const KEPT_HISTORY = 500;

/** The words that complete the last one of a text, by what exists now. */
const completions =
  (client: SwarmClient) =>
  (text: string): readonly string[] => {
    const { instances, tasks, batches } = client.state;
    const known = { instances: Object.keys(instances), tasks: Object.keys(tasks), batches: Object.keys(batches) };
    const before = text.replace(/\S*$/u, '');
    return complete(text, registry.signatures, known).map((line) => line.slice(before.length));
  };

const remembering = (client: SwarmClient, file: string): SwarmClient => ({
  get state() {
    return client.state;
  },
  get connected() {
    return client.connected;
  },
  subscribe: client.subscribe,
  run: (text, options) => {
    // What is confirmed has been said before.
    if (options?.confirm === undefined)
      void appendFile(file, `${text.replaceAll('\n', ' ')}\n`, { mode: 0o600 }).catch(() => undefined);
    return client.run(text, options);
  },
});

const strings = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));

/** Shows the swarm of a repository on this terminal until the user leaves; the agents go on. */
export const showTui = async (io: Io, paths: Paths): Promise<number> => {
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
  const history = (await readFile(file, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line, i, all) => line !== '' && line !== all[i - 1])
    .slice(-KEPT_HISTORY);
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
    });
  } finally {
    replica.close();
  }
};

/** `drover` on a terminal. */
export const openTui = async (io: Io): Promise<number> => {
  const paths = locate(io.cwd, io.env);
  return showTui(io, paths);
};
