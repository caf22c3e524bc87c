import { messageOf, traceOf } from '../../lib/errors.ts';
import { brokerLost, passLossOn } from '../../process/errors.ts';
import { asideAlertId, type Batch, lastToSetAside } from '../../state/batches.ts';
import { conflictId } from '../../state/conflict-records.ts';
import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { builtOnIn } from '../../tasks/built-on.ts';
import { isMergeable, standingConflict } from '../../tasks/mergeable.ts';
import { mergedBy } from '../../tasks/taken-work.ts';
import { branchMoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { clearLocks, integrationWorktree, placeIntegration } from './integration-worktree.ts';
import { commitsBrought } from './taken-back.ts';

const alertId = (batch: string): string => `rollback:${batch}`;

/**
 * Whether the branch has moved already, also where somebody went on from there. That its tip is gone is no sign: they may have
 * amended it, with the merges still behind it.
 */
const isBack = async ({ git }: DaemonServices['home'], { target, rollback }: Batch): Promise<boolean> => {
  const { method, from_commit: from, to_commit: to } = rollback!;
  if (from === to) return true;
  const tip = await git.resolve(`refs/heads/${target}`);
  if (tip === null || tip === to) return tip === to;
  if (method === 'revert') return git.isAncestor(to, tip);
  return !(await git.isAncestor(from, tip)) && git.wasMoved(target, from, to);
};

/** Moves the branch from where it was found to where it is wanted; resolves with the commit where it is then. */
const moveBack = async ({ home }: DaemonServices, batch: Batch): Promise<string> => {
  const { id, target, rollback } = batch;
  const { from_commit: from, to_commit: to } = rollback!;
  if (!(await isBack(home, batch)) && !(await home.git.moveBranch(target, from, to)))
    throw branchMoved({ branch: target, batch: id });
  return (await home.git.resolve(`refs/heads/${target}`)) ?? to;
};

/** The facts that open the tasks of a batch again; one that somebody opened meanwhile is left as it is. */
const reopenFacts = (state: State, batch: Batch): EventDraft[] =>
  mergedBy(state, batch).flatMap((task): EventDraft[] => {
    const reason = `${batch.id} was rolled back`;
    return [
      { type: 'task.reopened', data: { id: task.id, reason } },
      ...(task.archived ? [{ type: 'task.archived' as const, data: { id: task.id, archived: false } }] : []),
      ...alertClearingFacts(state, task.id, reason),
    ];
  });

/** Puts the alerts away of work that conflicted with nothing but what this batch, or one taken back before, had merged. */
const overAsideFacts = (state: State, { id, merged }: Batch): EventDraft[] => {
  const back = new Set(merged.map(({ task }) => task));
  const isBack = (task: string): boolean => back.has(task) || state.tasks[task]?.batch === null;
  return Object.values(state.tasks).flatMap((task): EventDraft[] => {
    if (!isMergeable(task) || standingConflict(state, task) === undefined) return [];
    const last = lastToSetAside(state.batches, task.id);
    const others = state.conflicts[conflictId(last!.id, task.id)]?.with ?? [];
    const isOver = others.some((one) => back.has(one)) && others.every(isBack);
    return isOver
      ? clearAlertFacts(state, asideAlertId(task.id), `${id}, with which it conflicted, was taken back`)
      : [];
  });
};

/** Forgets how conflicts of a batch were resolved: that may be why it is taken back, and would come again by itself. */
const forgottenFacts = ({ conflicts }: State, { id, merged }: Batch): EventDraft[] => {
  const keys = merged.flatMap(({ task }) =>
    Object.values(conflicts)
      .filter((record) => record.task === task)
      .flatMap(({ batch, files, remembered = [] }) => [
        ...remembered.map(({ key }) => key),
        ...(batch === id ? files.flatMap(({ memory }) => memory ?? []) : []),
      ]),
  );
  return keys.length === 0 ? [] : [{ type: 'conflict.forgotten', data: { keys: [...new Set(keys)] } }];
};

const failedFacts = (batch: Batch, problem: string): EventDraft[] => [
  { type: 'batch.rollback_failed', data: { id: batch.id, problem } },
  {
    type: 'alert.raised',
    data: {
      id: alertId(batch.id),
      severity: 'warning',
      text: `${batch.id} was not taken back: ${problem}`,
      suggestion: `rollback integration ${batch.id}`,
      instance: null,
      task: null,
    },
  },
];

/** What verified work that was begun on a batch has in it of that, which stands no more; whoever merges it merges that as well. */
const builtOnFacts = async (services: DaemonServices, batch: Batch): Promise<EventDraft[]> => {
  const { store, home, log } = services;
  const before = store.state;
  const state = { ...before, batches: { ...before.batches, [batch.id]: { ...batch, state: 'rolled-back' as const } } };
  const begun = Object.values(state.tasks).filter(
    (task) => isMergeable(task) && task.run!.started_at >= batch.started_at,
  );
  const base = (await home.git.resolve(`refs/heads/${batch.target}`)) ?? batch.base_commit;
  const facts = begun.map(async ({ id, run }): Promise<EventDraft[]> => {
    const head = run!.result!.head_commit;
    const commits = await commitsBrought(home.git, state, { head, base });
    const known = run!.built_on ?? [];
    const found = builtOnIn(state, { id, head }, commits).filter(
      (one) => !known.some(({ task, commit }) => task === one.task && commit === one.commit),
    );
    return found.length === 0 ? [] : [{ type: 'run.built_on', data: { id, on: [...known, ...found] } }];
  });
  return (
    await Promise.all(facts).catch((error: unknown) => {
      passLossOn(error, undefined);
      log(`what is built on ${batch.id} is not known: ${messageOf(error)}`);
      return [];
    })
  ).flat();
};

const recordBack = async (services: DaemonServices, batch: Batch) => {
  const builtOn = await builtOnFacts(services, batch);
  return services.decide((state) => [
    { type: 'batch.rolled_back', data: { id: batch.id } },
    ...builtOn,
    ...reopenFacts(state, batch),
    ...overAsideFacts(state, batch),
    ...forgottenFacts(state, batch),
    ...clearAlertFacts(state, alertId(batch.id), `${batch.id} was taken back`),
  ]);
};

/** Ends what could not be brought to its end, by what has become of the branch. */
export const giveUpRollback = async (services: DaemonServices, batchId: string, error: unknown): Promise<void> => {
  const batch = services.store.state.batches[batchId]!;
  services.log(`${batchId} could not be taken back: ${traceOf(error)}`);
  const isDone = await isBack(services.home, batch).catch((again: unknown) => {
    passLossOn(again, error);
    return false;
  });
  // Where the branch has moved only the worktree is behind: the next batch puts that right.
  await (isDone ? recordBack(services, batch) : services.decide(() => failedFacts(batch, messageOf(error))));
};

/**
 * Takes a batch back that "rollback integration" has decided on: the branch moves to the commit that was decided, and then
 * that is recorded with the tasks in one piece. Cut off anywhere, it goes on from there.
 */
export const rollbackBatch = async (services: DaemonServices, batchId: string): Promise<void> => {
  const batch = services.store.state.batches[batchId]!;
  const { git } = services.home;
  try {
    const worktree = await integrationWorktree(services);
    const before = await git.resolve(`refs/heads/${batch.target}`);
    await clearLocks(services, batch, worktree);
    // A branch that is checked out does not move. Where it has, this was cut off after that.
    const again = await isBack(services.home, batch);
    await placeIntegration(services, worktree, { commit: before ?? batch.rollback!.from_commit, again });
    await git.checkout(worktree, await moveBack(services, batch));
    await git.attach(worktree, batch.target);
  } catch (error) {
    // Whoever lost the helper that runs programs begins again, as after a death of the daemon.
    if (services.signal.aborted || brokerLost.matches(error)) throw error;
    await giveUpRollback(services, batchId, error);
    return;
  }
  await recordBack(services, batch);
};
