import { openProcesses } from '../process/broker.ts';
import { openLocalTarget } from './local.ts';
import { serveTarget } from './serve.ts';

// Only the end of the line ends this program: a Ctrl-C meant for the daemon must not take what it runs here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const env = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
);

serveTarget({
  input: process.stdin,
  output: process.stdout,
  open: async ({ socket, ...place }) =>
    openLocalTarget({ ...place, env, socket, processes: await openProcesses({ forked: false }) }),
}).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
