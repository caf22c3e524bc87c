import type { Task } from '../../state/tasks.ts';
import { checkOf } from '../../tasks/briefing.ts';
import { checkProblem, runCheck } from '../actions/run-check.ts';
import { integrationPorts } from '../actions/worktree-ports.ts';
import type { DaemonServices } from '../services.ts';

/** Runs the gate on the merged commit; the sentence that says how it failed, if it did. */
export const gateProblem = async (
  services: DaemonServices,
  task: Task,
  { batch, commit, worktree }: { readonly batch: string; readonly commit: string; readonly worktree: string },
): Promise<string | undefined> => {
  const command = services.settings.checks.merge ?? checkOf(task, services.settings);
  if (command === null || command === undefined) return undefined;
  await services.home.git.checkout(worktree, commit);
  const began = Date.parse(services.now());
  const ports = integrationPorts(services);
  const problem = checkProblem(command, await runCheck(services, services.home, { command, cwd: worktree, ports }));
  const ms = Math.max(0, Date.parse(services.now()) - began);
  const check = { task: task.id, commit, command, ms, problem: problem ?? null };
  await services.decide(() => [{ type: 'batch.checked', data: { id: batch, ...check } }]);
  return problem;
};
