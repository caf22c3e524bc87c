import { COMMON_ENV, pickedEnv } from '../../agents/launch-script.ts';
import { withoutControls } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { resolveSecrets } from '../config/live-secrets.ts';
import type { DaemonServices } from '../services.ts';

/** What a check and the program of an agent that wrote what is checked may know: nothing that the person did not name. */
const checkEnv = async ({ settings, secrets }: DaemonServices, { env }: Target): Promise<Record<string, string>> => ({
  ...pickedEnv(env, [...COMMON_ENV, ...settings.checks.pass_env]),
  ...(await resolveSecrets(settings.checks.env, secrets)),
});

/** Runs a check or gate of the user's configuration: a shell command of theirs, in a worktree of a swarm. */
export const runCheck = async (
  services: DaemonServices,
  target: Target,
  { command, cwd }: { readonly command: string; readonly cwd: string },
  signal = services.signal,
): Promise<Exit> =>
  target.processes.run(
    {
      file: 'sh',
      args: ['-c', command],
      cwd,
      env: await checkEnv(services, target),
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
