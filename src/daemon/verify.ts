import { checkOf } from '../commands/briefing.ts';
import { withoutControls } from '../lib/text.ts';
import type { Exit } from '../ports/index.ts';
import type { Draft, State } from '../state/index.ts';
import { moved } from '../state/moves.ts';
import type { FailureClass, RunResult, Task } from '../state/tasks.ts';
import { taskTrouble } from './trouble.ts';
import type { World } from './world.ts';

const KEPT_OUTPUT = 4000;

/** A check's environment: ours, without what would make git look elsewhere. */
const checkEnv = (env: World['env']): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('GIT_') && !key.startsWith('DROVER_')));

/** Runs a check of the user's configuration: a shell command of theirs, in a worktree of ours. */
export const runCheck = (world: World, command: string, cwd: string, signal = world.signal): Promise<Exit> =>
  world.processes.run(
    {
      file: 'sh',
      args: ['-c', command],
      cwd,
      env: checkEnv(world.env),
      timeoutMs: world.settings.checks.timeout_ms,
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

type Verdict = { readonly result: RunResult } | { readonly failure: { class: FailureClass; message: string } };

const failure = (kind: FailureClass, message: string): Verdict => ({ failure: { class: kind, message } });

/** Looks at the facts behind a claim: commits, a clean worktree, a check that succeeds. */
const judge = async (world: World, task: Task, signal: AbortSignal): Promise<Verdict> => {
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
  const exit = await runCheck(world, check, worktree, signal);
  const problem = checkProblem(check, exit);
  if (problem !== undefined) return failure('check', problem);
  const check_output = withoutControls(exit.stdout + exit.stderr).slice(-KEPT_OUTPUT);
  return {
    result: { ...changes, head_commit: seen.head, check_ms: Math.round(performance.now() - started), check_output },
  };
};

/** The verdict; undefined when the run was taken away meanwhile, which ends the check at once. */
const judgeWhileWanted = async (world: World, task: Task): Promise<Verdict | undefined> => {
  const over = new AbortController();
  const judged = new AbortController();
  const signal = AbortSignal.any([world.signal, over.signal]);
  const taken = world.store
    .until((now) => !isClaimed(now, task), AbortSignal.any([world.signal, judged.signal]))
    .then(
      () => over.abort(),
      () => undefined,
    );
  try {
    return await judge(world, task, signal);
  } catch (error) {
    if (over.signal.aborted && !world.signal.aborted) return undefined;
    throw error;
  } finally {
    judged.abort();
    await taken;
  }
};

const isClaimed = (state: State, { id, run }: Task): boolean =>
  state.tasks[id]?.state === 'verifying' && state.tasks[id].run?.attempt === run!.attempt;

/** Its instance can take the next task; one that only reported, in the middle of its turn, not before that has ended. */
const freed = (world: World, state: State, task: Task): Draft[] => {
  const instance = state.instances[task.run!.instance];
  if (instance?.state.kind !== 'verifying') return [];
  const inTurn = instance.state.source === 'report' && world.adapterFor(instance.agent).hooks;
  const evidence = inTurn ? `${task.id} verified, its turn goes on` : `${task.id} verified`;
  return moved(state, instance.instance_id, { state: inTurn ? 'working' : 'idle', source: 'drover', evidence });
};

/** Turns a claim into done or failed, and its instance free. */
export const performVerify = async (world: World, taskId: string): Promise<void> => {
  const task = world.store.state.tasks[taskId]!;
  const verdict = await judgeWhileWanted(world, task);
  await world.decide((now): Draft[] => {
    const free = freed(world, now, task);
    if (verdict === undefined || !isClaimed(now, task)) return free;
    if ('result' in verdict) {
      const over = ['failed', 'blocked'].map((kind) => `${kind}:${taskId}`).filter((alert) => now.alerts[alert]);
      const cleared = over.map((alert): Draft => ({ type: 'alert.cleared', data: { id: alert, because: 'done' } }));
      return [{ type: 'run.verified', data: { id: taskId, result: verdict.result } }, ...cleared, ...free];
    }
    return [
      { type: 'run.failed', data: { id: taskId, failure: verdict.failure } },
      taskTrouble(taskId, verdict.failure, task.run!.instance),
      ...free,
    ];
  });
};
