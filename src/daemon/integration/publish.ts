import { asideAlertId, type Batch } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { comingAlong } from '../../tasks/built-on.ts';
import { isDoneAnew } from '../../tasks/taken-work.ts';
import { branchMoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import type { Layer } from './build-stack.ts';
import { asideOrBackFacts, printedFor } from './send-back.ts';
import type { SetAside } from './set-aside.ts';
import { isAsTaken } from './waiting-tasks.ts';

/** The facts of tasks whose work comes along with merges, each once. */
const alongFacts = (state: State, batch: string, merged: Batch['merged']): EventDraft[] => {
  const found = new Map<string, string>();
  for (const { task, commit } of merged)
    for (const { id } of state.tasks[task] ? comingAlong(state, state.tasks[task]) : [])
      if (!found.has(id)) found.set(id, commit);
  return [...found].flatMap(([id, commit]): EventDraft[] => [
    { type: 'task.came_along', data: { id, batch, commit } },
    ...clearAlertFacts(state, asideAlertId(id), `merged in ${batch}`),
  ]);
};

/** The facts of merges that are on the branch; the alerts that earlier batches set them aside go with them. */
const mergedFacts = (state: State, { id, publishing }: Batch): EventDraft[] => [
  ...alongFacts(state, id, publishing!.merged),
  ...publishing!.merged.flatMap((merge): EventDraft[] => [
    { type: 'batch.merged', data: { id, ...merge } },
    ...clearAlertFacts(state, asideAlertId(merge.task), `merged in ${id}`),
  ]),
  { type: 'batch.caught_up', data: { id, commit: publishing!.to_commit } },
];

/** Moves the branch to what is to be published, if it still is where the batch left it. */
const move = async ({ home }: DaemonServices, { id, target, head_commit: from }: Batch, to: string): Promise<void> => {
  if (from === to) return;
  if (!(await home.git.moveBranch(target, from, to))) throw branchMoved({ branch: target, batch: id });
};

/** Merges that are good, the one that its gates blame, if any, and what was set aside before. */
type Judged = {
  readonly good: readonly Layer[];
  readonly blamed?: Layer | undefined;
  readonly asides: readonly SetAside[];
};

const takenOf = ({ task }: Layer) => ({ id: task.id, head: task.run.result.head_commit });

/** Whether what is said of a task is said of its work as it is now; what was done anew meanwhile is looked at anew. */
const isOfWorkNow = ({ settings }: DaemonServices, state: State, { task: id, commit }: SetAside, blamed?: Layer) => {
  const head = commit ?? (blamed?.task.id === id ? takenOf(blamed).head : undefined);
  return head === undefined || isAsTaken(state, { id, head }, settings);
};

/**
 * Records what is about to be published; whether it may be. Work that was sent back while it was judged is published for
 * nobody, nor what was put on top of it: all of that is merged anew, without it.
 */
const announce = async (services: DaemonServices, batch: Batch, layers: readonly Layer[]): Promise<boolean> => {
  const { id } = batch;
  let isWhole = false;
  const merged = layers.map((layer) => {
    const { task, commit } = layer;
    return { task: task.id, branch: task.run.branch, commit, head: takenOf(layer).head };
  });
  await services.decide((now) => {
    isWhole = layers.every(
      (layer) => isAsTaken(now, takenOf(layer), services.settings) && !isDoneAnew(now, now.batches[id]!, layer.task.id),
    );
    return isWhole ? [{ type: 'batch.publishing', data: { id, to_commit: merged.at(-1)!.commit, merged } }] : [];
  });
  return isWhole;
};

/**
 * Brings merges onto the branch in one step. What is about to be published is recorded before: a daemon that dies in between
 * leaves a branch that says itself whether it has moved. Resolves with what was published.
 */
export const publish = async (
  services: DaemonServices,
  batch: Batch,
  { good, blamed, asides }: Judged,
): Promise<readonly Layer[]> => {
  const last = good.at(-1);
  if (last) {
    if (!(await announce(services, batch, good))) return [];
    await move(services, batch, last.commit);
  }
  const told = await Promise.all(
    asides.map(async (aside) => ({ aside, printed: await printedFor(services, batch.id, aside) })),
  );
  await services.decide((now) => [
    ...(last ? mergedFacts(now, now.batches[batch.id]!) : []),
    ...told
      .filter(({ aside }) => isOfWorkNow(services, now, aside, blamed))
      .flatMap((one) => asideOrBackFacts(services, now, batch.id, one)),
  ]);
  return good;
};

/** The branch may be ahead of the journal, when the daemon died between the two: then what was published is recorded. */
export const catchUpWithBranch = async (services: DaemonServices, batch: Batch): Promise<void> => {
  const { git } = services.home;
  const { id, target, head_commit: head, publishing } = batch;
  const tip = await git.resolve(`refs/heads/${target}`);
  if (tip === null) await git.moveBranch(target, null, head);
  else if (publishing && (await git.isAncestor(publishing.to_commit, tip)))
    await services.decide((now) => mergedFacts(now, now.batches[id]!));
  else if (tip !== head) throw branchMoved({ branch: target, batch: id });
};
