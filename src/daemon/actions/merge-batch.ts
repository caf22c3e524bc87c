import { checkedOutByUser, gitBusy } from '../../git/errors.ts';
import { landMerge } from '../../git/land.ts';
import { messageOf, traceOf } from '../../lib/errors.ts';
import type { FileEdit } from '../../ports/index.ts';
import type { AsideReason, Batch } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { IntegrationPolicy } from '../../state/swarm-settings.ts';
import type { Task } from '../../state/tasks.ts';
import { checkOf } from '../../tasks/briefing.ts';
import { planFormat, tickPlan } from '../../tasks/formats/index.ts';
import { waitsFor } from '../../tasks/gates.ts';
import { numberIn } from '../../tasks/spec/outline.ts';
import { branchMoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { clearLocks, integrationWorktree, prepareIntegration } from './integration-worktree.ts';
import { checkProblem, runCheck } from './run-check.ts';
import { integrationPorts } from './worktree-ports.ts';

type SetAside = { task: string; reason: AsideReason; message: string; files: string[] };

/** The edit that ticks the boxes of a plan in the repository: those of all tasks that are merged with this one. */
const boxesToTick =
  (state: State, task: Task) =>
  async (read: (path: string) => Promise<string | null>): Promise<FileEdit[]> => {
    const spec = task.spec === null ? undefined : state.specs[task.spec];
    if (!spec?.tracked_path) return [];
    const text = await read(spec.tracked_path);
    if (text === null) return [];
    const done = spec.tasks.flatMap((id) => {
      const one = state.tasks[id];
      const isIn = one && (id === task.id || one.batch !== null || (one.state === 'done' && one.run === null));
      return isIn ? [{ number: numberIn(one), title: one.title }] : [];
    });
    const ticked = tickPlan(planFormat(spec.format ?? 'kiro'), text, done);
    return ticked.text === text ? [] : [{ path: spec.tracked_path, content: ticked.text }];
  };

const commitMessageOf = (batch: Batch, task: Task): string =>
  `Merge ${task.id}: ${task.title}\n\n${task.run?.summary ? `${task.run.summary}\n\n` : ''}Drover-Task: ${task.id}\nDrover-Instance: ${task.run!.instance}\nDrover-Batch: ${batch.id}`;

/** Runs the gate on the merged commit; the sentence that says how it failed, if it did. */
const gateProblem = async (
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

const asideAlertId = (task: string): string => `aside:${task}`;

const setAside = (services: DaemonServices, batch: Batch, aside: SetAside): Promise<unknown> =>
  services.decide((now): EventDraft[] => {
    const facts: EventDraft[] = [{ type: 'batch.set_aside', data: { id: batch.id, ...aside } }];
    const text = `${aside.task} was set aside from ${batch.id}: ${aside.message}`;
    const alert = {
      id: asideAlertId(aside.task),
      severity: 'warning',
      text,
      suggestion: `show integration ${batch.id}`,
      instance: null,
      task: aside.task,
    } as const;
    if (aside.reason === 'gate' && now.tasks[aside.task]?.state === 'done')
      facts.push({ type: 'run.failed', data: { id: aside.task, failure: { class: 'gate', message: aside.message } } });
    // Nothing is wrong with what a batch that was stopped did not come to.
    if (aside.reason === 'stopped') return facts;
    return [...facts, { type: 'alert.raised', data: alert }];
  });

/** Records the merge of one task; the alert that an earlier batch set it aside goes with it. */
const recordMerge = (services: DaemonServices, id: string, merge: Batch['merged'][number]): Promise<unknown> =>
  services.decide((now) => [
    { type: 'batch.merged', data: { id, ...merge } },
    ...clearAlertFacts(now, asideAlertId(merge.task), `merged in ${id}`),
  ]);

/** A task that was built on one that was set aside goes with it; undefined when all that it builds on is there. */
const asideWithPrerequisite = (batch: Batch, task: Task, tasks: State['tasks']): SetAside | undefined => {
  const prerequisite = batch.set_aside.find(
    (one) => one.reason !== 'stopped' && waitsFor(task, tasks[one.task] ?? { id: one.task }),
  );
  if (!prerequisite) return undefined;
  // What was built on work that is not good, or not there any more, has to be done again.
  const isSpoiled = prerequisite.reason === 'gate' || prerequisite.reason === 'withdrawn';
  const message = `it builds on ${prerequisite.task}, which was set aside`;
  return { task: task.id, reason: isSpoiled ? 'gate' : 'dependency', message, files: [] };
};

/** A task that is left when the batch ends early, because one before it conflicted or failed its check. */
const asideAfterStop = (
  { on_conflict, on_failed_check }: IntegrationPolicy,
  batch: Batch,
  task: Task,
): SetAside | undefined => {
  const ending = [...(on_conflict === 'stop' ? ['conflict'] : []), ...(on_failed_check === 'stop' ? ['gate'] : [])];
  const cause = batch.set_aside.find(({ reason }) => ending.includes(reason));
  return cause && { task: task.id, reason: 'stopped', message: `the batch ended at ${cause.task}`, files: [] };
};

/** Merges one task of a batch in memory and runs the gate on that; the branch moves only then. Why not, where it does not. */
const mergeTask = async (
  services: DaemonServices,
  batch: Batch,
  taskId: string,
  worktree: string,
): Promise<SetAside | undefined> => {
  const { state } = services.store;
  const task = state.tasks[taskId];
  const result = task?.run?.result;
  if (!task || !result) return { task: taskId, reason: 'withdrawn', message: 'its verified work is gone', files: [] };
  const aside =
    asideWithPrerequisite(batch, task, services.store.state.tasks) ??
    asideAfterStop(services.settings.integration, batch, task);
  if (aside) return aside;
  const landing = await landMerge(services.home.git, {
    ours: batch.head_commit,
    theirs: result.head_commit,
    message: commitMessageOf(batch, task),
    edit: boxesToTick(state, task),
  });
  if (landing.kind === 'conflict') {
    const files = [...landing.files];
    return { task: taskId, reason: 'conflict', message: `conflict in ${files.join(', ')}`, files };
  }
  const problem = await gateProblem(services, task, { batch: batch.id, commit: landing.commit, worktree });
  if (problem !== undefined) return { task: taskId, reason: 'gate', message: problem, files: [] };
  if (!(await services.home.git.moveBranch(batch.target, batch.head_commit, landing.commit)))
    throw branchMoved({ branch: batch.target, batch: batch.id });
  await recordMerge(services, batch.id, { task: taskId, branch: task.run!.branch, commit: landing.commit });
  return undefined;
};

/** The branch may be one merge ahead of the journal, when the daemon died between the two: then that merge is recorded. */
const catchUpWithBranch = async (services: DaemonServices, batch: Batch): Promise<void> => {
  const tip = await services.home.git.resolve(`refs/heads/${batch.target}`);
  if (tip === null) {
    await services.home.git.moveBranch(batch.target, null, batch.head_commit);
    return;
  }
  if (tip === batch.head_commit) return;
  const next = batch.tasks.find((id) => !isSettled(batch, id));
  const run = next === undefined ? undefined : services.store.state.tasks[next]?.run;
  if (next === undefined || !run?.result || !(await services.home.git.isAncestor(run.result.head_commit, tip)))
    throw branchMoved({ branch: batch.target, batch: batch.id });
  await recordMerge(services, batch.id, { task: next, branch: run.branch, commit: tip });
};

const isSettled = (batch: Batch, id: string): boolean =>
  batch.merged.some((one) => one.task === id) || batch.set_aside.some((one) => one.task === id);

const endReasonOf = (error: unknown): AsideReason => {
  if (branchMoved.matches(error)) return 'moved';
  return checkedOutByUser.matches(error) ? 'checked-out' : 'error';
};

/**
 * Carries out a batch that "merge branch" has begun: its verified tasks one after the other onto the integration branch.
 * It can be cut off anywhere and goes on from there. What ends it early is recorded at each task that is left.
 */
export const mergeBatch = async (services: DaemonServices, batchId: string): Promise<void> => {
  const current = () => services.store.state.batches[batchId]!;
  const left = () => current().tasks.filter((id) => !isSettled(current(), id));
  let isClearing = false;
  try {
    const worktree = await integrationWorktree(services);
    await catchUpWithBranch(services, current());
    await prepareIntegration(services, worktree, current().head_commit);
    isClearing = true;
    await clearLocks(services, current(), worktree);
    isClearing = false;
    for (const id of left()) {
      const aside = await mergeTask(services, current(), id, worktree);
      if (aside) await setAside(services, current(), aside);
    }
    await services.home.git.checkout(worktree, current().head_commit);
    await services.home.git.attach(worktree, current().target);
  } catch (error) {
    if (services.signal.aborted) throw error;
    services.log(`${batchId} could not go on: ${traceOf(error)}`);
    const reason = isClearing && gitBusy.matches(error) ? 'busy' : endReasonOf(error);
    for (const id of left())
      await setAside(services, current(), { task: id, reason, message: messageOf(error), files: [] });
  }
  await services.decide(() => [{ type: 'batch.finished', data: { id: batchId } }]);
};
