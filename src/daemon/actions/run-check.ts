import { COMMON_ENV, niceWords, pickedEnv } from '../../agents/launch-script.ts';
import type { Exit } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { sandboxNote } from '../../tasks/check-problem.ts';
import { resolveSecrets } from '../config/live-secrets.ts';
import { shutInCheck } from '../sandbox/shut-in-check.ts';
import type { DaemonServices } from '../services.ts';
import { guardedEnv } from './guarded-env.ts';
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

type CheckRun = {
  readonly command: string;
  readonly cwd: string;
  readonly ports: PortBlock | null;
  /** Without it the usual time of checks. */
  readonly timeoutMs?: number | undefined;
  /** Called when it has to wait for its turn among the checks of this machine, and when that has come. */
  readonly onTurn?: (turn: 'waits' | 'runs') => void;
};

/** By whom git was called in a check, for what tells of it. No instance is called so: their ids end with a number. */
const CHECKS = 'checks';

/** How much of what a check prints is kept: its end. */
const KEPT_BYTES = 256 * 1024;

/** How a check ended; `alone`: nobody could be reached by it. */
type CheckExit = Exit & { readonly alone: boolean };

/** Runs a check or gate of the user's configuration, a shell command of theirs, in a worktree of a swarm, when it is its turn. */
export const runCheck = async (
  services: DaemonServices,
  target: Target,
  { command, cwd, ports, timeoutMs, onTurn }: CheckRun,
  signal = services.signal,
): Promise<CheckExit> => {
  const known = await checkEnv(services, target, ports);
  const shut = await shutInCheck(services, target, { cwd, env: known });
  // In a sandbox there is no git but what can be read.
  const env = shut?.env ?? (await guardedEnv(services, target, { worktree: cwd, who: CHECKS, env: known }));
  const [file = '', ...args] = [
    ...niceWords(services.settings.limits.nice),
    ...(shut?.wall ?? []),
    ...['sh', '-c', command],
  ];
  const run = () => {
    onTurn?.('runs');
    return target.processes.run(
      {
        file,
        args,
        cwd,
        env,
        timeoutMs: timeoutMs ?? services.settings.checks.timeout_ms,
        maxBytes: KEPT_BYTES,
      },
      signal,
    );
  };
  const exit = await services.checkSlots.use(run, { signal, onWait: () => onTurn?.('waits') });
  // Before anything is cut: what is left of a secret is not recognised any more.
  const { redact } = services.secrets;
  const alone = shut?.alone ?? false;
  const [stdout, stderr] = [redact(exit.stdout), redact(exit.stderr)];
  const end = alone && exit.code !== 0 ? `${stderr === '' ? '' : '\n'}${sandboxNote(stdout + stderr)}` : '';
  return { ...exit, stdout, stderr: `${stderr}${end}`, alone };
};
