import { asideAlertId, type Batch } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { branchMoved } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import type { Layer } from './build-stack.ts';
import { asideOrBackFacts, printedFor } from './send-back.ts';
import type { SetAside } from './set-aside.ts';

/** The facts of merges that are on the branch; the alerts that earlier batches set them aside go with them. */
const mergedFacts = (state: State, { id, publishing }: Batch): EventDraft[] => [
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

/**
 * Brings merges onto the branch in one step. What is about to be published is recorded before: a daemon that dies in between
 * leaves a branch that says itself whether it has moved.
 */
export const publish = async (
  services: DaemonServices,
  batch: Batch,
  layers: readonly Layer[],
  asides: readonly SetAside[],
): Promise<void> => {
  const last = layers.at(-1);
  if (last) {
    const merged = layers.map(({ task, commit }) => ({ task: task.id, branch: task.run.branch, commit }));
    await services.decide(() => [{ type: 'batch.publishing', data: { id: batch.id, to_commit: last.commit, merged } }]);
    await move(services, batch, last.commit);
  }
  const told = await Promise.all(
    asides.map(async (aside) => ({ aside, printed: await printedFor(services, batch.id, aside) })),
  );
  await services.decide((now) => [
    ...(last ? mergedFacts(now, now.batches[batch.id]!) : []),
    ...told.flatMap((one) => asideOrBackFacts(services, now, batch.id, one)),
  ]);
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
