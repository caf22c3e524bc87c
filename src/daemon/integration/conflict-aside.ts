import type { Batch } from '../../state/batches.ts';
import { conflictId, conflictPlace } from '../../state/conflict-records.ts';
import type { State } from '../../state/index.ts';
import type { SetAside } from './set-aside.ts';
import type { Verified } from './waiting-tasks.ts';

/** A task whose merge conflicts, where nothing resolved that. */
export const conflictAside = (state: State, batch: Batch, task: Verified, files: readonly string[]): SetAside => {
  const record = state.conflicts[conflictId(batch.id, task.id)];
  const message = `conflict ${record ? conflictPlace(record) : `in ${files.join(', ')}`}`;
  return { task: task.id, reason: 'conflict', message, files: [...files], commit: task.run.result.head_commit };
};

/** A task whose gate failed. A gate that fails on what resolved a conflict says nothing against the work of the task. */
export const failedAside = (state: State, batch: Batch, task: Verified, problem: string): SetAside => {
  const record = state.conflicts[conflictId(batch.id, task.id)];
  if (!record) return { task: task.id, reason: 'gate', message: problem, files: [] };
  const message = `conflict ${conflictPlace(record)}; what resolved it failed: ${problem}`;
  const files = record.files.map(({ path }) => path);
  return { task: task.id, reason: 'conflict', message, files, commit: task.run.result.head_commit };
};
