import { IDENTITY_ENV, pickedEnv } from '../../agents/launch-script.ts';
import { withoutControls } from '../../lib/text.ts';
import type { WorktreeState } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { NOTHING_COMMITTED } from '../../state/failure-classes.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { findMode, type Mode } from '../../state/modes.ts';
import { activity, moved } from '../../state/moves.ts';
import { reviewOf } from '../../state/reviews.ts';
import type { FailureClass, RunResult, Task } from '../../state/tasks.ts';
import { checkOf } from '../../tasks/briefing.ts';
import { beforeTakenBack, builtOnIn } from '../../tasks/built-on.ts';
import { checkProblem } from '../../tasks/check-problem.ts';
import { isUntouchedReturn } from '../../tasks/returned.ts';
import { isUncheckedResult } from '../../tasks/select.ts';
import { commitsBrought } from '../integration/taken-back.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts, taskAlert } from '../signals/alert-facts.ts';
import { keptText } from './tell-kept.ts';
import { runCheck } from './run-check.ts';
import { type PortBlock, portsOf } from './worktree-ports.ts';

/** How much of what a check prints is kept with the result, in characters: its end. */
const KEPT_OUTPUT = 4000;

type RunFailure = { class: FailureClass; message: string; output?: string };
type Verdict = { readonly result: RunResult } | { readonly failure: RunFailure };

const failureVerdict = (kind: FailureClass, message: string): Verdict => ({ failure: { class: kind, message } });

/** The commands that say whether the work of a task is good: its check, then the gates of the mode it was done in. */
const testsOf = (services: DaemonServices, task: Task): { command: string; kind: 'check' | 'gate' }[] => {
  const mode = modeOf(services, task);
  // A review is not to blame for what it finds.
  const check = mode?.read_only ? null : checkOf(task, services.settings);
  return [
    ...(check === null ? [] : [{ command: check, kind: 'check' as const }]),
    ...(mode?.gates ?? []).map((command) => ({ command, kind: 'gate' as const })),
  ];
};

type Seen = Omit<RunResult, 'check_ms' | 'check_output'> & { readonly note?: string };

const WAITS = 'waits for its turn among the checks of this machine';

/** Says at the run that its check waits for its turn, and no longer when that has come. */
const sayTurn = (services: DaemonServices, { id, run }: Task) => {
  const note = (text: string | null) =>
    void services
      .decide((now) =>
        isClaimed(now, { ...now.tasks[id]!, run })
          ? [{ type: 'run.progressed', data: { id, progress: now.tasks[id]!.run!.progress, note: text } }]
          : [],
      )
      .catch(() => undefined);
  let waits = false;
  return (turn: 'waits' | 'runs'): void => {
    if (turn === 'waits') note(WAITS);
    else if (waits) note(run!.note);
    waits = turn === 'waits';
  };
};

/** Runs check and gates; the first that fails decides. */
const runTests = async (
  services: DaemonServices,
  task: Task,
  { place, seen: { note = '', ...seen }, signal }: { place: WorkPlace; seen: Seen; signal: AbortSignal },
): Promise<Verdict> => {
  const started = performance.now();
  const { target, cwd, ports } = place;
  const tests = testsOf(services, task);
  let output = note;
  for (const { command, kind } of tests) {
    const exit = await runCheck(services, target, { command, cwd, ports, onTurn: sayTurn(services, task) }, signal);
    const problem = checkProblem(command, exit);
    if (problem !== undefined) {
      const printed = withoutControls(exit.stdout + exit.stderr).slice(-KEPT_OUTPUT);
      return { failure: { class: kind, message: problem, ...(printed === '' ? {} : { output: printed }) } };
    }
    output += withoutControls(exit.stdout + exit.stderr);
  }
  // Nothing else but a run without any check says 0.
  const check_ms = tests.length === 0 ? 0 : Math.max(1, Math.round(performance.now() - started));
  return { result: { ...seen, check_ms, check_output: output.slice(-KEPT_OUTPUT) } };
};

const modeOf = (services: DaemonServices, { run }: Task): Mode | undefined =>
  run?.mode == null ? undefined : findMode(run.mode, services.settings);

const shortList = (paths: readonly string[]): string =>
  `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ' …' : ''}`;

/** Judges a run that was to change nothing by its findings. What it changed all the same is no result, and told. */
const judgeFindings = ({ run }: Task, seen: WorktreeState): Verdict | Seen => {
  const { start_commit, summary } = run!;
  if (!summary?.trim()) return failureVerdict('agent', 'it reported no findings');
  const changed = [
    ...(seen.dirty.length > 0 ? [`left uncommitted: ${shortList(seen.dirty)}`] : []),
    ...(seen.head === start_commit ? [] : [`its commits stay on ${run!.branch}`]),
  ];
  const note = changed.length === 0 ? '' : `It was to change nothing, and did: ${changed.join('; ')}.\n`;
  return { commits: 0, files: 0, insertions: 0, deletions: 0, head_commit: start_commit, note };
};

/** What is told of an agent whose commits git refuses. */
const NAMELESS =
  '; git knows no name and address for its commits, which it has of user.name and user.email, or of GIT_AUTHOR_NAME and the like before the daemon is started';

/** Whether git knows who commits when an agent does: by the configuration, or by what it is started with. */
const hasIdentity = async (services: DaemonServices, id: string): Promise<boolean> => {
  const instance = services.store.state.instances[id];
  // A person's own commits are made with the person's own name.
  if (!instance) return true;
  const { agent, workspace_path } = instance;
  const { env, git } = services.targetOf(instance);
  const seen = {
    ...pickedEnv(env, IDENTITY_ENV),
    ...pickedEnv(services.settings.agents[agent]?.env ?? {}, IDENTITY_ENV),
  };
  return git.hasIdentity(workspace_path, seen);
};

const placesText = (places: readonly { readonly path: string; readonly line: number }[]): string =>
  shortList(places.map(({ path, line }) => `${path} line ${line}`));

/** What is wrong with what was committed, whatever its check says. */
const judgeContent = async (git: Target['git'], from: string, to: string): Promise<Verdict | undefined> => {
  const marked = await git.leftMarkers(from, to);
  if (marked.length > 0)
    return failureVerdict('conflict', `the marker of a conflict is committed: ${placesText(marked)}`);
  const fault = await git.modulesFault(from, to);
  if (fault === null) return undefined;
  return failureVerdict('agent', `the .gitmodules that is committed is none that git takes: ${fault}`);
};

/** Judges a run by what it has committed: on its branch, and with nothing left behind. */
const judgeCommits = async (
  services: DaemonServices,
  { target: { git }, cwd }: WorkPlace,
  task: Task,
  seen: WorktreeState,
): Promise<Verdict | Seen> => {
  const { run } = task;
  const half = await git.underWay(cwd);
  if (half !== null)
    return failureVerdict(
      'agent',
      `a ${half} is in the middle in the worktree: it is neither brought to its end nor given up`,
    );
  if (seen.branch !== run!.branch) {
    const kept = seen.branch === null ? await git.keepHead(cwd, run!.instance) : null;
    const where = kept === null ? '' : `; what was committed there is ${keptText([kept])}`;
    return failureVerdict('agent', `the worktree is on ${seen.branch ?? 'no branch'}, not on ${run!.branch}${where}`);
  }
  if (seen.dirty.length > 0) {
    const nameless = (await hasIdentity(services, run!.instance)) ? '' : NAMELESS;
    return failureVerdict('dirty', `uncommitted: ${shortList(seen.dirty)}${nameless}`);
  }
  const { start_commit: start } = run!;
  const tip = await services.home.git.resolve(`refs/heads/${services.settings.branches.integration}`);
  // What was taken back there is its own again.
  const onto = beforeTakenBack(services.store.state, run!) ?? tip;
  // What it has brought in of others, because its work was sent back, is not its own.
  const from = await git.ownBase({ start, head: seen.head, onto });
  const changes = await git.changes(from, seen.head);
  if (changes.commits === 0) return failureVerdict('no-commit', NOTHING_COMMITTED);
  const byHand = reviewOf(services.store.state.reviews, task.id).taken_over !== null;
  // A person who has taken it over may take it as it is.
  if (!byHand && isUntouchedReturn(task, seen.head))
    return failureVerdict('no-commit', 'nothing was committed since it was sent back');
  return (await judgeContent(git, from, seen.head)) ?? { ...changes, head_commit: seen.head };
};

/** Which attempts that are not merged the work of a run has in it: whoever merges it merges those as well. */
const builtOnFacts = async (services: DaemonServices, task: Task, verdict: Verdict | undefined) => {
  const place = placeOf(services, task);
  if (verdict === undefined || !('result' in verdict) || !place) return () => [];
  const { state } = services.store;
  const head = verdict.result.head_commit;
  // A batch may have been taken back while the check ran: what the branch had before that is not merged any more.
  const tip = await services.home.git.resolve(`refs/heads/${services.settings.branches.integration}`);
  const base = tip ?? state.instances[task.run!.instance]?.base_commit ?? task.run!.start_commit;
  const commits = await commitsBrought(place.target.git, state, { head, base });
  return (now: State): EventDraft[] => {
    const on = [...builtOnIn(now, { id: task.id, head }, commits)];
    return on.length === 0 ? [] : [{ type: 'run.built_on', data: { id: task.id, on } }];
  };
};

/** Where the work of a task lies. */
type WorkPlace = { readonly target: Target; readonly cwd: string; readonly ports: PortBlock | null };

/** The worktree of its instance, or the one in which a person went on with it; undefined when it is gone. */
const placeOf = (services: DaemonServices, { id, run }: Task): WorkPlace | undefined => {
  const { instances, reviews } = services.store.state;
  const byHand = reviewOf(reviews, id).taken_over;
  if (byHand) return { target: services.home, cwd: byHand.worktree, ports: null };
  const instance = instances[run!.instance];
  return instance && { target: services.targetOf(instance), cwd: instance.workspace_path, ports: portsOf(instance) };
};

/**
 * What a worktree has, also of files that git was told not to look at; what a power cut has emptied in it is nobody's work, and
 * written anew.
 */
const lookAt = async ({ git }: Target, cwd: string): Promise<WorktreeState> => {
  await git.unhide(cwd);
  const now = await git.worktreeState(cwd);
  const isMended = now.dirty.length > 0 && (await git.restoreEmptied(cwd)) > 0;
  return isMended ? git.worktreeState(cwd) : now;
};

/** Looks at the facts behind a claim: commits, a clean worktree, a check and gates that succeed; findings of a review. */
const judge = async (services: DaemonServices, task: Task, signal: AbortSignal): Promise<Verdict> => {
  const place = placeOf(services, task);
  if (!place) return failureVerdict('session-lost', 'its worktree is gone');
  const now = await lookAt(place.target, place.cwd);
  const seen = modeOf(services, task)?.read_only
    ? judgeFindings(task, now)
    : await judgeCommits(services, place, task, now);
  return 'failure' in seen || 'result' in seen ? seen : runTests(services, task, { place, seen, signal });
};

/** Judges a claim; undefined when its run was taken away meanwhile, which ends the check at once. */
const judgeWhileWanted = async (services: DaemonServices, task: Task): Promise<Verdict | undefined> => {
  const over = new AbortController();
  const judged = new AbortController();
  const signal = AbortSignal.any([services.signal, over.signal]);
  const taken = services.store
    .until((now) => !isClaimed(now, task), AbortSignal.any([services.signal, judged.signal]))
    .then(
      () => over.abort(),
      () => undefined,
    );
  try {
    return await judge(services, task, signal);
  } catch (error) {
    if (over.signal.aborted && !services.signal.aborted) return undefined;
    throw error;
  } finally {
    judged.abort();
    await taken;
  }
};

/** Whether the claim of this very run still waits for its verdict. */
const isClaimed = (state: State, { id, run }: Task): boolean =>
  state.tasks[id]?.state === 'verifying' && state.tasks[id].run?.attempt === run!.attempt;

/** What became of a claim, in few words; undefined is the verdict where its run was taken away meanwhile. */
const verdictText = (id: string, verdict: Verdict | undefined): string => {
  if (verdict === undefined) return `${id} was taken away before it was verified`;
  if ('result' in verdict) return isUncheckedResult(verdict.result) ? `${id} done, unchecked` : `${id} verified`;
  const { class: kind } = verdict.failure;
  if (kind === 'check') return `${id} failed its check`;
  return kind === 'gate' ? `${id} failed a gate` : `${id} failed`;
};

/** The facts that free an instance for its next task; one that reported in the middle of its turn is free when that ends. */
const freeFacts = (services: DaemonServices, state: State, task: Task, verdict: Verdict | undefined): EventDraft[] => {
  const instance = state.instances[task.run!.instance];
  if (!instance || activity(instance).kind !== 'verifying') return [];
  const inTurn = activity(instance).source === 'report' && services.adapterFor(instance.agent).hooks;
  const evidence = `${verdictText(task.id, verdict)}${inTurn ? ', its turn goes on' : ''}`;
  const { instance_id: id } = instance;
  return [
    ...clearAlertFacts(state, `waiting:${id}`, evidence),
    ...moved(state, id, { state: inTurn ? 'working' : 'idle', source: 'drover', evidence }),
  ];
};

/** Verifies the claim of a run: its task is done or has failed, and its instance is free. */
export const verifyTask = async (services: DaemonServices, taskId: string): Promise<void> => {
  const task = services.store.state.tasks[taskId]!;
  const verdict = await judgeWhileWanted(services, task);
  const builtOn = await builtOnFacts(services, task, verdict);
  await services.decide((now): EventDraft[] => {
    if (verdict === undefined || !isClaimed(now, task)) return freeFacts(services, now, task, undefined);
    const free = freeFacts(services, now, task, verdict);
    if ('result' in verdict) {
      const over = ['failed', 'blocked'].map((kind) => `${kind}:${taskId}`).filter((alert) => now.alerts[alert]);
      const cleared = over.map(
        (alert): EventDraft => ({ type: 'alert.cleared', data: { id: alert, because: 'done' } }),
      );
      const verified: EventDraft = { type: 'run.verified', data: { id: taskId, result: verdict.result } };
      return [verified, ...builtOn(now), ...cleared, ...free];
    }
    return [
      { type: 'run.failed', data: { id: taskId, failure: verdict.failure } },
      taskAlert(taskId, verdict.failure, task.run!.instance),
      ...free,
    ];
  });
};
