import process from 'node:process';
import { runRehearsal } from './agent.ts';

const stop = new AbortController();
const EXIT = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;
for (const [signal, code] of Object.entries(EXIT)) process.once(signal, () => stop.abort(code));

const code = await runRehearsal({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  input: process.stdin,
  output: process.stdout,
  stop: stop.signal,
});
process.exit(code);
