import { withoutControls } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

/** The environment of a check: the daemon's, without what would make git look elsewhere. */
const checkEnv = (env: Target['env']): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('GIT_') && !key.startsWith('DROVER_')));

/** Runs a check or gate of the user's configuration: a shell command of theirs, in a worktree of a swarm. */
export const runCheck = (
  services: DaemonServices,
  { env, processes }: Target,
  { command, cwd }: { readonly command: string; readonly cwd: string },
  signal = services.signal,
): Promise<Exit> =>
  processes.run(
    {
      file: 'sh',
      args: ['-c', command],
      cwd,
      env: checkEnv(env),
      timeoutMs: services.settings.checks.timeout_ms,
      maxBytes: 64 * 1024,
    },
    signal,
  );

/** How a check ended, in words; undefined when it succeeded. */
export const checkProblem = (command: string, exit: Exit): string | undefined => {
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code}`;
  const last = withoutControls(`${exit.stdout}\n${exit.stderr}`).trim().split('\n').at(-1) ?? '';
  return `"${command}" ${how}${last === '' ? '' : `: ${last.slice(0, 200)}`}`;
};
