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
