import { valuesOf } from '../../lib/records.ts';
import type { FileEdit, Git } from '../../ports/index.ts';
import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Spec } from '../../state/specs.ts';
import type { Task } from '../../state/tasks.ts';
import { planFormat, tickedAlike, untickPlan } from '../../tasks/formats/index.ts';
import { numberIn } from '../../tasks/spec/outline.ts';
import { mergedBy } from '../../tasks/taken-work.ts';
import type { Context } from '../define.ts';
import { batchBranchMoved, revertConflict } from '../errors.ts';

/** How a batch can be taken back as things stand. */
type RollbackPlan = {
  readonly method: 'reset' | 'revert';
  readonly from: string;
  readonly to: string;
  /** Why the branch cannot simply go back; null where it does. */
  readonly because: string | null;
  /** Branches of tasks that were begun on the batch, are not merged and hold its work still. */
  readonly holding: readonly string[];
};

type Needs = Pick<Context, 'git' | 'store'>;

type PlanFile = { readonly path: string; readonly spec: Spec; readonly tasks: readonly Task[] };

/** The files of the plans whose boxes the batch has ticked. */
const planFilesOf = (state: State, batch: Batch): readonly PlanFile[] => {
  const tasks = new Set([...batch.merged.flatMap(({ task }) => state.tasks[task] ?? []), ...mergedBy(state, batch)]);
  return Object.values(state.specs).flatMap((spec) => {
    const own = [...tasks].filter((task) => task.spec === spec.name);
    return spec.tracked_path && own.length > 0 ? [{ path: spec.tracked_path, spec, tasks: own }] : [];
  });
};

const formatOf = ({ spec }: PlanFile) => planFormat(spec.format ?? 'kiro');

/**
 * A plan as it was before the batch, with the ticks that it had afterwards. Neighbouring boxes that other batches tick would
 * be conflicts otherwise: ticks are taken back box by box instead.
 */
const withLaterTicks = async (git: Git, batch: Batch, file: PlanFile): Promise<FileEdit[]> => {
  const [earlier, later] = await Promise.all([
    git.readFile(batch.base_commit, file.path),
    git.readFile(batch.head_commit, file.path),
  ]);
  if (earlier === null || later === null) return [];
  return [{ path: file.path, content: tickedAlike(formatOf(file), { earlier, later }) }];
};

const withoutTicks = async (git: Git, batch: Batch, tree: string, file: PlanFile): Promise<FileEdit[]> => {
  const [now, before] = await Promise.all([git.readFile(tree, file.path), git.readFile(batch.base_commit, file.path)]);
  if (now === null || before === null) return [];
  const undone = file.tasks.map((task) => ({ number: numberIn(task), title: task.title }));
  const content = untickPlan(formatOf(file), { now, before }, undone);
  return content === now ? [] : [{ path: file.path, content }];
};

const messageOf = (batch: Batch): string => {
  const merges = batch.merged.map(({ task, commit }) => `This takes back the merge of ${task}, ${commit}.`);
  return `Roll back ${batch.id}\n\n${merges.join('\n')}\n\nDrover-Rollback: ${batch.id}`;
};

/** The commit on top of the tip that takes back what the batch merged, ticks included; it is on no branch yet. */
const revertCommit = async ({ git, store }: Needs, batch: Batch, tip: string): Promise<string> => {
  const files = planFilesOf(store.state, batch);
  const unchanged = (await Promise.all(files.map((file) => withLaterTicks(git, batch, file)))).flat();
  const { base_commit: before, head_commit: after } = batch;
  const merged = await git.revertTrees({ tip, before, after, unchanged });
  if (merged.kind === 'conflict') throw revertConflict({ id: batch.id, files: merged.files });
  const { tree } = merged;
  const edits = (await Promise.all(files.map((file) => withoutTicks(git, batch, tree, file)))).flat();
  return git.commitMerge({ ours: tip, theirs: tip, tree, edits, message: messageOf(batch) });
};

const runsOf = (task: Task) => [...task.history, ...(task.run ? [task.run] : [])];

/** Where the work of a batch has gone: to branches of other tasks, and to places where others may have seen it. */
const whereabouts = (state: State, batch: Batch, refs: readonly string[]) => {
  const ours = new Map(
    valuesOf(state.tasks).flatMap((task) => runsOf(task).map(({ branch }) => [`refs/heads/${branch}`, task])),
  );
  const own = (ref: string) => ref.startsWith('refs/heads/drover/') || ref === `refs/heads/${batch.target}`;
  const isOpen = (ref: string) => {
    const task = ours.get(ref)!;
    return task.batch === null && !['open', 'cancelled', 'failed'].includes(task.state);
  };
  return {
    published: refs.filter((ref) => !ours.has(ref) && !own(ref)),
    holding: refs.filter((ref) => ours.has(ref) && isOpen(ref)).map((ref) => ref.replace('refs/heads/', '')),
  };
};

/** Finds out how a batch can be taken back. Refuses with the files where later work stands on what it merged. */
export const planRollback = async (context: Needs, batch: Batch): Promise<RollbackPlan> => {
  const { git, store } = context;
  const { base_commit: base, head_commit: head, target } = batch;
  const tip = await git.resolve(`refs/heads/${target}`);
  if (tip === null || !(await git.isAncestor(head, tip))) throw batchBranchMoved({ id: batch.id, branch: target });
  const first = batch.merged.find(({ commit }) => commit !== base)?.commit;
  const refs = first === undefined ? [] : await git.refsWith(first);
  const { published, holding } = whereabouts(store.state, batch, refs);
  if (tip === head && published.length === 0) return { method: 'reset', from: tip, to: base, because: null, holding };
  const because =
    tip === head ? `it is in ${published.join(', ')} already` : `${target} has commits that came after it`;
  return { method: 'revert', from: tip, to: await revertCommit(context, batch, tip), because, holding };
};
