import { checkOf } from '../../commands/tasks/briefing.ts';
import { messageOf } from '../../lib/errors.ts';
import type { FileEdit } from '../../ports/index.ts';
import type { Batch } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { specPrefix } from '../../tasks/spec/number.ts';
import { tickDone } from '../../tasks/spec/tick.ts';
import type { DaemonServices } from '../services.ts';
import { checkProblem, runCheck } from './verify.ts';

type SetAside = { task: string; reason: 'conflict' | 'gate'; message: string; files: string[] };

/** Where batches are put together and checked. */
export const integrationWorktree = (services: DaemonServices): string => `${services.paths.worktrees}/integration`;

const numberIn = (task: Task): string =>
  task.spec !== null && task.id.startsWith(specPrefix(task.spec))
    ? task.id.slice(specPrefix(task.spec).length)
    : task.id;

/** Ticks the boxes of a plan that lies in the repository: those of all tasks that are merged with this one. */
const ticks =
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
    const ticked = tickDone(text, done);
    return ticked.text === text ? [] : [{ path: spec.tracked_path, content: ticked.text }];
  };

const commitMessageOf = (batch: Batch, task: Task): string =>
  `Merge ${task.id}: ${task.title}\n\n${task.run?.summary ? `${task.run.summary}\n\n` : ''}Drover-Task: ${task.id}\nDrover-Instance: ${task.run!.instance}\nDrover-Batch: ${batch.id}`;

/** Runs the gate on the merged commit; the reason when it fails. */
const gate = async (services: DaemonServices, task: Task, commit: string): Promise<string | undefined> => {
  const command = services.settings.checks.merge ?? checkOf(task, services.settings);
  if (command === null || command === undefined) return undefined;
  await services.git.checkout(integrationWorktree(services), commit);
  return checkProblem(command, await runCheck(services, command, integrationWorktree(services)));
};

const setAside = (services: DaemonServices, batch: Batch, aside: SetAside): Promise<unknown> =>
  services.decide((now): EventDraft[] => {
    const facts: EventDraft[] = [{ type: 'batch.set_aside', data: { id: batch.id, ...aside } }];
    const text = `${aside.task} was set aside from ${batch.id}: ${aside.message}`;
    const alert = {
      id: `aside:${aside.task}`,
      severity: 'warning',
      text,
      suggestion: `show integration ${batch.id}`,
      instance: null,
      task: aside.task,
    } as const;
    if (aside.reason === 'gate' && now.tasks[aside.task]?.state === 'done')
      facts.push({ type: 'run.failed', data: { id: aside.task, failure: { class: 'gate', message: aside.message } } });
    return [...facts, { type: 'alert.raised', data: alert }];
  });

/** One task of a batch: merged in memory, checked, and only then the branch moves. */
const mergeOne = async (services: DaemonServices, batchId: string, taskId: string): Promise<void> => {
  const { state } = services.store;
  const batch = state.batches[batchId]!;
  const task = state.tasks[taskId];
  const result = task?.run?.result;
  if (!task || !result) {
    await setAside(services, batch, { task: taskId, reason: 'gate', message: 'its verified work is gone', files: [] });
    return;
  }
  const missing = task.dependencies.find((id) => batch.set_aside.some((one) => one.task === id));
  if (missing !== undefined) {
    const { reason } = batch.set_aside.find((one) => one.task === missing)!;
    await setAside(services, batch, {
      task: taskId,
      reason,
      message: `it builds on ${missing}, which was set aside`,
      files: [],
    });
    return;
  }
  const landing = await services.git.land({
    ours: batch.head_commit,
    theirs: result.head_commit,
    message: commitMessageOf(batch, task),
    edit: ticks(state, task),
  });
  if (landing.kind === 'conflict') {
    const message = `conflict in ${landing.files.join(', ')}`;
    await setAside(services, batch, { task: taskId, reason: 'conflict', message, files: [...landing.files] });
    return;
  }
  const problem = await gate(services, task, landing.commit);
  if (problem !== undefined) {
    await setAside(services, batch, { task: taskId, reason: 'gate', message: problem, files: [] });
    return;
  }
  if (!(await services.git.moveBranch(batch.target, batch.head_commit, landing.commit)))
    throw new Error(`${batch.target} was moved by somebody else while ${batch.id} was running`);
  const data = { id: batchId, task: taskId, branch: task.run!.branch, commit: landing.commit };
  await services.decide(() => [{ type: 'batch.merged', data }]);
};

/** The branch may be one merge ahead of the journal, when the daemon died between the two. */
const caughtUp = async (services: DaemonServices, batch: Batch): Promise<void> => {
  const tip = await services.git.resolve(`refs/heads/${batch.target}`);
  if (tip === null) {
    await services.git.moveBranch(batch.target, null, batch.head_commit);
    return;
  }
  if (tip === batch.head_commit) return;
  const next = batch.tasks.find((id) => !settledIn(batch, id));
  const run = next === undefined ? undefined : services.store.state.tasks[next]?.run;
  if (next === undefined || !run?.result || !(await services.git.isAncestor(run.result.head_commit, tip)))
    throw new Error(`${batch.target} was moved by somebody else`);
  await services.decide(() => [
    { type: 'batch.merged', data: { id: batch.id, task: next, branch: run.branch, commit: tip } },
  ]);
};

const settledIn = (batch: Batch, id: string): boolean =>
  batch.merged.some((one) => one.task === id) || batch.set_aside.some((one) => one.task === id);

/** Merges what is left of a batch. It can be cut off anywhere and goes on from there. */
export const performMerge = async (services: DaemonServices, batchId: string): Promise<void> => {
  const current = () => services.store.state.batches[batchId]!;
  const worktree = integrationWorktree(services);
  try {
    await caughtUp(services, current());
    await services.git.addWorktree(worktree, { commit: current().head_commit });
    await services.git.unlock(worktree, current().target);
    for (const id of current().tasks) if (!settledIn(current(), id)) await mergeOne(services, batchId, id);
    await services.git.checkout(worktree, current().head_commit);
    await services.git.attach(worktree, current().target);
  } catch (error) {
    if (services.signal.aborted) throw error;
    const message = messageOf(error);
    for (const id of current().tasks)
      if (!settledIn(current(), id))
        await setAside(services, current(), { task: id, reason: 'conflict', message, files: [] });
  }
  await services.decide(() => [{ type: 'batch.finished', data: { id: batchId } }]);
};
