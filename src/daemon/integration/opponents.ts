import { valuesOf } from '../../lib/records.ts';
import type { Task } from '../../state/tasks.ts';
import type { DaemonServices } from '../services.ts';

/** Beyond so many that changed the files it is not looked at each of them alone. */
const MOST_PAIRS = 8;

type Asked = {
  readonly ours: string;
  readonly theirs: string;
  readonly below: readonly { readonly task: Task; readonly commit: string }[];
  readonly files: readonly string[];
};

/** The merged tasks that a task conflicts with: of those that changed the same files since, the ones that clash with it alone. */
export const opponentsOf = async (
  { home: { git }, store: { state } }: DaemonServices,
  { ours, theirs, below, files }: Asked,
): Promise<readonly string[]> => {
  if (files.length === 0) return [];
  const commits = new Set(await git.changing(theirs, ours, files));
  const merged = [
    ...valuesOf(state.tasks).filter((task) => task.merge_commit !== null && commits.has(task.merge_commit)),
    ...below.flatMap(({ task, commit }) => (commits.has(commit) ? [task] : [])),
  ];
  if (merged.length < 2 || merged.length > MOST_PAIRS) return merged.map(({ id }) => id);
  const clashing: string[] = [];
  for (const { id, run } of merged)
    if (run?.result && (await git.clashes(run.result.head_commit, theirs))) clashing.push(id);
  return clashing.length > 0 ? clashing : merged.map(({ id }) => id);
};
