import { appendFile, readFile } from 'node:fs/promises';
import { registry } from '../commands/index.ts';
import type { SwarmClient } from '../ports/swarm.ts';
import { complete } from '../protocol/complete.ts';

const KEPT_HISTORY = 500;

/** The words that complete the last one of a text, by what exists now. */
export const completions =
  (client: SwarmClient) =>
  (text: string): readonly string[] => {
    const { instances, tasks, batches } = client.state;
    const known = { instances: Object.keys(instances), tasks: Object.keys(tasks), batches: Object.keys(batches) };
    const before = text.replace(/\S*$/u, '');
    return complete(text, registry.signatures, known).map((line) => line.slice(before.length));
  };

/** The same client, which writes down what is said. */
export const remembering = (client: SwarmClient, file: string): SwarmClient => ({
  get state() {
    return client.state;
  },
  get connected() {
    return client.connected;
  },
  subscribe: client.subscribe,
  run: (text, options) => {
    // What is confirmed has been said before; and a history that cannot be written is no reason not to do what is said.
    if (options?.confirm === undefined)
      void appendFile(file, `${text.replaceAll('\n', ' ')}\n`, { mode: 0o600 }).catch(() => undefined);
    return client.run(text, options);
  },
});

/** What was said last, oldest first; nothing where nothing was written. */
export const historyIn = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line, i, all) => line !== '' && line !== all[i - 1])
    .slice(-KEPT_HISTORY);

/** The environment as programs take it. */
export const strings = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
