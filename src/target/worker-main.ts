import { Socket } from 'node:net';
import { settleHome } from '../files/own-home.ts';
import { fixedPath } from '../lib/search-path.ts';
import { openProcesses } from '../process/broker.ts';
import { openLocalTarget } from './local.ts';
import { serveTarget } from './serve.ts';

// Only the end of the line ends this program: a Ctrl-C meant for the daemon must not take what it runs here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

if (process.env['PATH'] !== undefined) process.env['PATH'] = fixedPath(process.env['PATH']);
settleHome(process.env);
const env = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
);

serveTarget({
  input: process.stdin,
  // Not `process.stdout`: a write to that waits until a slow reader has taken all, and everything else here with it.
  output: new Socket({ fd: 1, readable: false, writable: true }),
  open: async ({ socket, ...place }) =>
    openLocalTarget({ ...place, env, socket, processes: await openProcesses({ forked: false }) }),
}).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
