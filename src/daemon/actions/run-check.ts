import { COMMON_ENV, pickedEnv } from '../../agents/launch-script.ts';
import { withoutControls } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { resolveSecrets } from '../config/live-secrets.ts';
import type { DaemonServices } from '../services.ts';
import { worktreeVariables } from './set-up.ts';
import type { PortBlock } from './worktree-ports.ts';

/** What a check and the program of an agent that wrote what is checked may know: nothing that the person did not name. */
const checkEnv = async (
  services: DaemonServices,
  { env }: Target,
  ports: PortBlock | null,
): Promise<Record<string, string>> => {
  const { settings, secrets } = services;
  return {
    ...pickedEnv(env, [...COMMON_ENV, ...settings.checks.pass_env]),
    ...(await resolveSecrets({ ...worktreeVariables(services, ports), ...settings.checks.env }, secrets)),
  };
};

/** Runs a check or gate of the user's configuration: a shell command of theirs, in a worktree of a swarm. */
export const runCheck = async (
  services: DaemonServices,
  target: Target,
  { command, cwd, ports }: { readonly command: string; readonly cwd: string; readonly ports: PortBlock | null },
  signal = services.signal,
): Promise<Exit> => {
  const exit = await target.processes.run(
    {
      file: 'sh',
      args: ['-c', command],
      cwd,
      env: await checkEnv(services, target, ports),
      timeoutMs: services.settings.checks.timeout_ms,
      maxBytes: 64 * 1024,
    },
    signal,
  );
  // Before anything is cut: what is left of a secret is not recognised any more.
  const { redact } = services.secrets;
  return { ...exit, stdout: redact(exit.stdout), stderr: redact(exit.stderr) };
};

/** How a check ended, in words; undefined when it succeeded. */
export const checkProblem = (command: string, exit: Exit): string | undefined => {
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code}`;
  const last = withoutControls(`${exit.stdout}\n${exit.stderr}`).trim().split('\n').at(-1) ?? '';
  return `"${command}" ${how}${last === '' ? '' : `: ${last.slice(0, 200)}`}`;
};
