import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fdOutput } from './compositor/output.ts';
import { noTerminal } from './errors.ts';
import { ttySource } from './input/tty-source.ts';
import type { Program, TuiIo } from './options.ts';

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'on' | 'off'>;

/** The terminal that this process was started on. Throws `tui/no-terminal` where there is none to draw on. */
export const terminalIo = (env: NodeJS.ProcessEnv = process.env, screen: Screen = process.stdout, fd = 1): TuiIo => {
  if (!screen.isTTY || env['TERM'] === 'dumb') throw noTerminal();
  return {
    keys: ttySource(),
    output: fdOutput(fd),
    env,
    size: () => ({ columns: screen.columns || 80, rows: screen.rows || 24 }),
    onResize: (listener) => {
      screen.on('resize', listener);
      return () => void screen.off('resize', listener);
    },
    handOver,
    stop: () => void process.kill(process.pid, 'SIGSTOP'),
    host: process,
  };
};

/** Runs a program with this process's own terminal and resolves with its exit code. */
const handOver = async ({ argv: [file = '', ...args], env }: Program): Promise<number> => {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};
