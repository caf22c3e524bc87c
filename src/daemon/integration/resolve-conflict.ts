import type { Batch } from '../../state/batches.ts';
import type { Task } from '../../state/tasks.ts';
import type { DaemonServices } from '../services.ts';

/** A merge of a batch that git alone cannot make. Nothing of it is on any branch. */
export type MergeConflict = {
  readonly batch: Batch;
  readonly task: Task;
  /** The commit that the batch has come to. */
  readonly ours: string;
  /** The verified commit of the task. */
  readonly theirs: string;
  /** The files that conflict; none where the two histories have nothing in common. */
  readonly files: readonly string[];
  /** What git said of them. */
  readonly detail: string;
};

/**
 * The tree that resolves a conflict; undefined where nobody has a resolution, and the task is set aside. What it proposes
 * becomes the merge commit and passes the gates like any other. So far nothing is resolved.
 */
export const resolveConflict = async (
  _services: DaemonServices,
  _conflict: MergeConflict,
): Promise<string | undefined> => undefined;
