import type { Batch } from '../../state/batches.ts';
import { saidId } from '../../protocol/say.ts';
import type { Context, Outcome } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';

/** Adds to the outcome of a batch which plans it could not tick, because they are not on its branch. */
export const withUntickedPlans = async (
  { git, settings, store: { state } }: Pick<Context, 'git' | 'settings' | 'store'>,
  { merged, target, head_commit }: Batch,
  outcome: Outcome,
): Promise<Outcome> => {
  const specs = new Set(merged.flatMap(({ task }) => state.tasks[task]?.spec ?? []));
  const paths = [...specs].flatMap((name) => state.specs[name]?.tracked_path ?? []);
  const found = await Promise.all(paths.map((path) => git.readFile(head_commit, path)));
  const base = await baseCommit({ git, settings });
  const there = await Promise.all(paths.map((path) => git.readFile(base, path)));
  const absent = paths.filter((_path, n) => found[n] === null && there[n] !== null);
  if (absent.length === 0) return outcome;
  const note = `${absent.join(', ')} is not ticked: ${target} does not have it. To bring it in and tick it: sync branch ${saidId(target)}`;
  return { ...outcome, message: `${outcome.message} ${note}` };
};
