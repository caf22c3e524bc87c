import { settleHome } from '../files/own-home.ts';
import { isVerbose, main } from './main.ts';
import { printError } from './print.ts';

const { env, stdin, stdout, stderr } = process;
const argv = process.argv.slice(2);
settleHome(env);

// Nobody shall see a stack who did not ask for it.
process.on('uncaughtException', (error) => process.exit(printError({ stderr }, error, { verbose: isVerbose(argv) })));

// Whoever reads us may stop reading (`drover logs x | head -1`), and a terminal may go away. Who has something to put
// away listens as well and ends the process then.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  if (stdout.listenerCount('error') === 1) process.exit(0);
});
// Messages that nobody reads are no reason to end.
stderr.on('error', () => undefined);

/** The folder that the shell is in; it may have been removed meanwhile, and the shell still knows what it was called. */
const folder = (): string => {
  try {
    return process.cwd();
  } catch {
    return env['PWD'] || '.';
  }
};

process.exitCode = await main(argv, { env, cwd: folder(), stdin, stdout, stderr, startedAt: performance.timeOrigin });
