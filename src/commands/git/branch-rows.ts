import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import type { BranchInfo } from '../../ports/index.ts';
import type { State } from '../../state/index.ts';
import { instanceBranch } from '../../state/names.ts';
import { runsOf } from '../../state/runs.ts';
import type { Task } from '../../state/tasks.ts';
import { taskWord } from '../../text/task-rows.ts';
import { isMergedWork, revertedBatches } from '../../tasks/built-on.ts';
import type { Context } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';

const distanceSchema = z.object({ ahead: z.number().int(), behind: z.number().int() });

export const branchSchema = z.object({
  branch: z.string(),
  kind: z.enum(['task', 'instance', 'integration', 'own', 'other']).describe('Who made it; other is one of yours'),
  task: z.string().nullable(),
  task_word: z.string().nullable().describe('The state of its task in words'),
  instance: z.string().nullable(),
  merged: z.boolean().describe('All of it is on the integration or the base branch'),
  base: distanceSchema.describe('Against the base branch'),
  integration: distanceSchema.nullable().describe('Against the integration branch, where there is one'),
  worktree: z.string().nullable().describe('Where it is checked out'),
  commit: z.string(),
  committed_at: z.string(),
  subject: z.string(),
});
export type BranchRow = z.infer<typeof branchSchema>;

/** What the branches of a repository are compared with, looked up once. */
type ComparedWith = {
  readonly base: string;
  readonly integration: string | null;
  readonly branches: readonly BranchInfo[];
  readonly places: ReadonlyMap<string, string>;
};

export const lookUpComparison = async (context: Pick<Context, 'git' | 'settings'>): Promise<ComparedWith> => {
  const { git, settings } = context;
  const [base, integration, branches, worktrees] = await Promise.all([
    baseCommit(context),
    git.resolve(`refs/heads/${settings.branches.integration}`),
    git.branches(),
    git.worktrees(),
  ]);
  const places = new Map(worktrees.flatMap(({ path, branch }) => (branch === null ? [] : [[branch, path] as const])));
  return { base, integration, branches, places };
};

/** The task that a branch was made for, now or in an earlier attempt. */
const taskOf = (state: State, branch: string): Task | undefined =>
  valuesOf(state.tasks).find((task) => task.run?.branch === branch) ??
  valuesOf(state.tasks).find((task) => task.history.some((run) => run.branch === branch));

const ownerOf = (
  context: Pick<Context, 'settings' | 'store'>,
  branch: string,
): Pick<BranchRow, 'kind' | 'task' | 'task_word' | 'instance'> => {
  const { state } = context.store;
  const task = taskOf(state, branch);
  if (task) {
    const instance = task.run?.branch === branch ? task.run.instance : (task.assignee ?? null);
    return { kind: 'task', task: task.id, task_word: taskWord(task, state), instance };
  }
  const nobody = { task: null, task_word: null, instance: null };
  if (branch === context.settings.branches.integration) return { ...nobody, kind: 'integration' };
  const instance = Object.values(state.instances).find(
    (one) => one.branch_name === branch || branch === instanceBranch(one.instance_id),
  );
  if (instance) return { ...nobody, kind: 'instance', instance: instance.instance_id };
  return { ...nobody, kind: branch.startsWith('drover/') ? 'own' : 'other' };
};

type Compared = {
  readonly ground: ComparedWith;
  readonly info: BranchInfo;
  readonly task: Task | undefined;
  readonly ahead: { readonly base: number; readonly integration: number | undefined };
};

/** Whether all of a branch is on the integration or the base branch, also what came onto it after its task was merged. */
const isAllMerged = async (
  { git, store: { state } }: Pick<Context, 'git' | 'store'>,
  { ground, info, task, ahead }: Compared,
): Promise<boolean> => {
  const run = task && runsOf(task).findLast(({ branch }) => branch === info.branch);
  const isOfTask = task?.batch != null && task.run === run && run?.result?.head_commit === info.commit;
  if (task && (isOfTask || isMergedWork(state, { task: task.id, commit: info.commit }))) return true;
  // A branch without a commit of its own is not merged: there is nothing that could be.
  if (ahead.base === 0 ? (run?.result?.commits ?? 0) === 0 : ahead.integration !== 0) return false;
  // Its commits are there still when a commit on top has taken back what they changed.
  const back = revertedBatches(state).find(({ merged }) => merged.some(({ branch }) => branch === info.branch));
  return back === undefined || (ahead.base === 0 && !(await git.isAncestor(back.rollback!.to_commit, ground.base)));
};

/** What is known of one branch. */
export const branchRow = async (
  context: Pick<Context, 'git' | 'settings' | 'store'>,
  ground: ComparedWith,
  info: BranchInfo,
): Promise<BranchRow> => {
  const owner = ownerOf(context, info.branch);
  const [base, integration] = await Promise.all([
    context.git.divergence(ground.base, info.commit),
    ground.integration === null ? null : context.git.divergence(ground.integration, info.commit),
  ]);
  const task = owner.task === null ? undefined : context.store.state.tasks[owner.task];
  const ahead = { base: base.ahead, integration: integration?.ahead };
  const isMerged = owner.kind !== 'integration' && (await isAllMerged(context, { ground, info, task, ahead }));
  return {
    branch: info.branch,
    ...owner,
    merged: isMerged,
    base,
    integration,
    worktree: ground.places.get(info.branch) ?? null,
    commit: info.commit,
    committed_at: info.committed_at,
    subject: info.subject,
  };
};

/** The branches that Drover made, and how many others there are. */
export const branchRows = async (
  context: Pick<Context, 'git' | 'settings' | 'store'>,
): Promise<{ rows: readonly BranchRow[]; others: number }> => {
  const ground = await lookUpComparison(context);
  const ours = ground.branches.filter(({ branch }) => ownerOf(context, branch).kind !== 'other');
  const rows = await Promise.all(ours.map((info) => branchRow(context, ground, info)));
  return { rows, others: ground.branches.length - ours.length };
};
