import { landMerge } from '../../git/land.ts';
import type { FileEdit, Landing } from '../../ports/index.ts';
import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { planFormat, tickPlan } from '../../tasks/formats/index.ts';
import { numberIn } from '../../tasks/spec/outline.ts';
import type { DaemonServices } from '../services.ts';
import { resolveConflict } from './resolve-conflict.ts';
import type { Verified } from './waiting-tasks.ts';

type Request = {
  readonly batch: Batch;
  readonly task: Verified;
  /** The merges that are not on the branch yet, on which this one is put. */
  readonly below: readonly { readonly task: Verified; readonly commit: string }[];
};

/** The edit that ticks the boxes of a plan in the repository: those of all tasks that are merged with this one. */
const boxesToTick = async (
  state: State,
  { task, below }: Pick<Request, 'task' | 'below'>,
  read: (path: string) => Promise<string | null>,
): Promise<FileEdit[]> => {
  const spec = task.spec === null ? undefined : state.specs[task.spec];
  if (!spec?.tracked_path) return [];
  const text = await read(spec.tracked_path);
  if (text === null) return [];
  const isBelow = new Set(below.map((layer) => layer.task.id));
  const done = spec.tasks.flatMap((id) => {
    const one = state.tasks[id];
    const isIn =
      one && (id === task.id || one.batch !== null || isBelow.has(id) || (one.state === 'done' && one.run === null));
    return isIn ? [{ number: numberIn(one), title: one.title }] : [];
  });
  const ticked = tickPlan(planFormat(spec.format ?? 'kiro'), text, done);
  return ticked.text === text ? [] : [{ path: spec.tracked_path, content: ticked.text }];
};

const commitMessageOf = (batch: Batch, task: Verified): string =>
  `Merge ${task.id}: ${task.title}\n\n${task.run.summary ? `${task.run.summary}\n\n` : ''}Drover-Task: ${task.id}\nDrover-Instance: ${task.run.instance}\nDrover-Batch: ${batch.id}`;

/**
 * Makes the commit that has the work of a task on top of those below it, with its boxes ticked. It is on no branch: whoever
 * publishes it has it checked first. A conflict is one that nobody had a resolution for.
 */
export const landTask = (services: DaemonServices, request: Request): Promise<Landing> => {
  const { batch, task, below } = request;
  const ours = below.at(-1)?.commit ?? batch.head_commit;
  const theirs = task.run.result.head_commit;
  return landMerge(services.home.git, {
    ours,
    theirs,
    message: commitMessageOf(batch, task),
    edit: (read) => boxesToTick(services.store.state, request, read),
    resolve: ({ files, detail }) => resolveConflict(services, { batch, task, below, ours, theirs, files, detail }),
  });
};
