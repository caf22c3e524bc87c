import type { Git } from '../../ports/index.ts';
import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { lostAmong, revertedBatches } from '../../tasks/built-on.ts';
import type { DaemonServices } from '../services.ts';

/**
 * The commit before merges which a commit of `ours` takes back and which `theirs` builds on: a plain merge of the two would bring
 * nothing of their work. Undefined where there is none.
 */
export const beforeLostWork = async (
  { store: { state }, home: { git } }: DaemonServices,
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
): Promise<string | undefined> => {
  for (const batch of revertedBatches(state)) {
    const back = batch.rollback!.to_commit;
    const [isBackHere, isBackThere] = await Promise.all([ours, theirs].map((commit) => git.isAncestor(back, commit)));
    if (!isBackHere || isBackThere) continue;
    const commits = await git.commitsWithout(theirs, [batch.base_commit]);
    if (lostAmong(state, batch, commits).length > 0) return batch.base_commit;
  }
  return undefined;
};

/** The commits of some work that a batch brought and a commit on top has taken back; none where the work has that one in it. */
const takenBackIn = async (git: Git, { base_commit: base, merged, rollback }: Batch, head: string) => {
  const last = merged.at(-1)?.commit;
  if (last === undefined || (await git.isAncestor(rollback!.to_commit, head))) return [];
  const [theirs, brought] = await Promise.all([head, last].map((commit) => git.commitsWithout(commit, [base])));
  const isBrought = new Set(brought);
  return theirs!.filter((commit) => isBrought.has(commit));
};

/**
 * The commits that a merge of some work would bring: those that the branch of the merges, at `base`, has not, and those that it
 * has and has taken back, as long as the work does not have that as well.
 */
export const commitsBrought = async (
  git: Git,
  state: Pick<State, 'batches'>,
  { head, base }: { readonly head: string; readonly base: string },
): Promise<readonly string[]> => {
  const found = await Promise.all([
    git.commitsWithout(head, [base]),
    ...revertedBatches(state).map((batch) => takenBackIn(git, batch, head)),
  ]);
  return [...new Set(found.flat())];
};
