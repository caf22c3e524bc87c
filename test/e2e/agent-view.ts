import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { BIN, openTerminal } from './terminal.ts';

/** What every program leaves of a terminal that it gives back: nothing of ours. */
const CLEAN = { buffer: 'normal', wraparoundMode: true, bracketedPasteMode: false, mouseTrackingMode: 'none' };

/** A repository whose swarm has two agents. */
export const withAgents = (env: Record<string, string> = {}, program = BIN) => {
  const repository = daemonRepository({ env });
  const { root, paths } = repository;
  execFileSync(process.execPath, [program, 'instances', 'launch', '--count', '2', '--agent', 'rehearsal'], {
    cwd: root,
    env: repository.env,
  });
  return {
    ...repository,
    /** All that the first agent printed. */
    logged: (): string =>
      readdirSync(join(paths.logs, 'rehearsal-1'))
        .filter((file) => file.endsWith('.log'))
        .map((file) => readFileSync(join(paths.logs, 'rehearsal-1', file), 'utf8'))
        .join(''),
    size: () => repository.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#{window_width}x#{window_height}'),
  };
};

/** The view on two agents in a terminal whose shell looks at it before and after. */
export const openOnAgents = async (env: Record<string, string> = {}, program = BIN) => {
  const repository = withAgents(env, program);
  const { root } = repository;
  const script = `stty -g > ${root}.before; "$0" "$1"; code=$?; stty -g > ${root}.after; echo "ended with $code"; cat`;
  const view = openTerminal(['/bin/sh', '-c', script, process.execPath, program], { cwd: root, env: repository.env });
  await view.see('rehearsal-2');
  return {
    ...repository,
    view,
    /** Nothing of the view is left in the terminal, neither in what it shows nor in how it behaves. */
    expectClean: async (code: number): Promise<void> => {
      await view.see(`ended with ${code}`);
      const { wraparoundMode, bracketedPasteMode, mouseTrackingMode } = view.terminal.modes;
      const buffer = view.terminal.buffer.active.type;
      expect({ buffer, wraparoundMode, bracketedPasteMode, mouseTrackingMode }).toEqual(CLEAN);
      expect(readFileSync(`${root}.after`, 'utf8')).toBe(readFileSync(`${root}.before`, 'utf8'));
    },
    /** The process of the view itself: the one child of the shell. */
    pid: (): number => Number(execFileSync('pgrep', ['-P', String(view.pid)], { encoding: 'utf8' }).split('\n')[0]),
  };
};
