import { checkOf } from '../commands/briefing.ts';
import type { Exit } from '../ports/index.ts';
import type { Draft } from '../state/index.ts';
import { moved } from '../state/moves.ts';
import type { FailureClass, RunResult, Task } from '../state/tasks.ts';
import { withoutControls } from '../lib/text.ts';
import type { World } from './world.ts';

const KEPT_OUTPUT = 4000;

/** A check's environment: ours, without what would make git look elsewhere. */
const checkEnv = (env: World['env']): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('GIT_') && !key.startsWith('DROVER_')));

/** Runs a check of the user's configuration: a shell command of theirs, in a worktree of ours. */
export const runCheck = (world: World, command: string, cwd: string): Promise<Exit> =>
  world.processes.run(
    {
      file: 'sh',
      args: ['-c', command],
      cwd,
      env: checkEnv(world.env),
      timeoutMs: world.settings.checks.timeout_ms,
      maxBytes: 64 * 1024,
    },
    world.signal,
  );

/** How a check ended, in words; undefined when it succeeded. */
export const checkProblem = (command: string, exit: Exit): string | undefined => {
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code}`;
  const last = withoutControls(`${exit.stdout}\n${exit.stderr}`).trim().split('\n').at(-1) ?? '';
  return `"${command}" ${how}${last === '' ? '' : `: ${last.slice(0, 200)}`}`;
};

type Verdict = { readonly result: RunResult } | { readonly failure: { class: FailureClass; message: string } };

const failure = (kind: FailureClass, message: string): Verdict => ({ failure: { class: kind, message } });

/** Looks at the facts behind a claim: commits, a clean worktree, a check that succeeds. */
const judge = async (world: World, task: Task): Promise<Verdict> => {
  const run = task.run!;
  const worktree = world.store.state.instances[run.instance]?.workspace_path;
  if (worktree === undefined) return failure('session-lost', 'its worktree is gone');
  const seen = await world.git.worktreeState(worktree);
  if (seen.branch !== run.branch)
    return failure('agent', `the worktree is on ${seen.branch ?? 'no branch'}, not on ${run.branch}`);
  if (seen.dirty.length > 0)
    return failure('dirty', `uncommitted: ${seen.dirty.slice(0, 5).join(', ')}${seen.dirty.length > 5 ? ' …' : ''}`);
  const changes = await world.git.changes(run.start_commit, seen.head);
  if (changes.commits === 0) return failure('no-commit', 'nothing was committed');
  const check = checkOf(task, world.settings);
  if (check === null) return { result: { ...changes, head_commit: seen.head, check_ms: 0, check_output: '' } };
  const started = performance.now();
  const exit = await runCheck(world, check, worktree);
  const problem = checkProblem(check, exit);
  if (problem !== undefined) return failure('check', problem);
  const check_output = withoutControls(exit.stdout + exit.stderr).slice(-KEPT_OUTPUT);
  return {
    result: { ...changes, head_commit: seen.head, check_ms: Math.round(performance.now() - started), check_output },
  };
};

/** Turns a claim into done or failed, and its instance free. */
export const performVerify = async (world: World, taskId: string): Promise<void> => {
  const task = world.store.state.tasks[taskId]!;
  const verdict = await judge(world, task);
  await world.decide((now): Draft[] => {
    const current = now.tasks[taskId];
    if (current?.state !== 'verifying' || current.run?.attempt !== task.run!.attempt) return [];
    const free = moved(now, task.run!.instance, { state: 'idle', source: 'drover', evidence: `${taskId} verified` });
    if ('result' in verdict) {
      const cleared: Draft[] = now.alerts[`failed:${taskId}`]
        ? [{ type: 'alert.cleared', data: { id: `failed:${taskId}`, because: 'done' } }]
        : [];
      return [{ type: 'run.verified', data: { id: taskId, result: verdict.result } }, ...cleared, ...free];
    }
    const text = `${taskId} failed (${verdict.failure.class}): ${verdict.failure.message}`;
    const alert = {
      id: `failed:${taskId}`,
      severity: 'error',
      text,
      suggestion: `retry task ${taskId}`,
      instance: task.run!.instance,
      task: taskId,
    } as const;
    return [
      { type: 'run.failed', data: { id: taskId, failure: verdict.failure } },
      { type: 'alert.raised', data: alert },
      ...free,
    ];
  });
};
