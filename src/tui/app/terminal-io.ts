import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fdOutput } from '../compositor/output.ts';
import { ttySource } from '../input/tty-source.ts';
import { noTerminal } from './errors.ts';
import type { TuiIo } from './options.ts';

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>;

/** The terminal that this process was started on. Throws `tui/no-terminal` where there is none to draw on. */
export const terminalIo = (env: NodeJS.ProcessEnv = process.env, screen: Screen = process.stdout, fd = 1): TuiIo => {
  if (!screen.isTTY || env['TERM'] === 'dumb') throw noTerminal();
  return {
    keys: ttySource(),
    output: fdOutput(fd),
    env,
    size: () => ({ columns: screen.columns || 80, rows: screen.rows || 24 }),
    onResize: (listener) => {
      // Node does not report a size that went and came back at once, and by then the terminal shows something else.
      process.on('SIGWINCH', listener);
      return () => void process.off('SIGWINCH', listener);
    },
    ...makeGuests(),
    stop: () => void process.kill(process.pid, 'SIGSTOP'),
    host: process,
  };
};

/** Runs programs with this process's own terminal, one at a time. */
const makeGuests = (): Pick<TuiIo, 'handOver' | 'endGuest'> => {
  let guest: ChildProcess | undefined;
  return {
    handOver: async ({ argv: [file = '', ...args], env }) => {
      const child = spawn(file, args, { stdio: 'inherit', env: { ...env } });
      guest = child;
      try {
        const [code] = (await once(child, 'exit')) as [number | null];
        return code ?? 1;
      } finally {
        guest = undefined;
      }
    },
    // A client of tmux restores the terminal before it goes.
    endGuest: () => void guest?.kill('SIGTERM'),
  };
};
