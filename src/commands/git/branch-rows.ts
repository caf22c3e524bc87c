import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import type { BranchInfo } from '../../ports/index.ts';
import type { State } from '../../state/index.ts';
import { instanceBranch } from '../../state/names.ts';
import { runsOf } from '../../state/runs.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { attemptWord } from '../../text/task-rows.ts';
import { doneBy } from '../../text/wording.ts';
import { isMergedWork, revertedBatches } from '../../tasks/built-on.ts';
import type { Context } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';

const distanceSchema = z.object({ ahead: z.number().int(), behind: z.number().int() });

export const branchSchema = z.object({
  branch: z.string(),
  kind: z.enum(['task', 'instance', 'integration', 'own', 'other']).describe('Who made it; other is one of yours'),
  task: z.string().nullable(),
  attempt: z.number().int().nullable().describe('The attempt of its task that made it, the last one of several on it'),
  attempts: z.number().int().nullable().describe('How many attempts its task has had'),
  task_word: z
    .string()
    .nullable()
    .describe(
      'What that attempt came to, in words: merged, done, failed: check, rolled back; running while it goes on',
    ),
  instance: z.string().nullable().describe('Who made it, whoever has its task by now'),
  by_hand: z.string().optional().describe('Who went on with it by hand after its agent had ended'),
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

const runOn = (task: Task, branch: string): Run | undefined => runsOf(task).findLast((run) => run.branch === branch);

/** The task that a branch was made for, and the attempt that made it: one that goes on there before one that has ended. */
const attemptOn = (state: State, branch: string): { readonly task: Task; readonly run: Run } | undefined => {
  const found = valuesOf(state.tasks).flatMap((task) => {
    const run = runOn(task, branch);
    return run ? [{ task, run }] : [];
  });
  return found.find(({ task, run }) => task.run === run) ?? found[0];
};

type Owner = Pick<BranchRow, 'kind' | 'task' | 'attempt' | 'attempts' | 'task_word' | 'instance' | 'by_hand'>;

const ownerOf = (context: Pick<Context, 'settings' | 'store'>, branch: string): Owner => {
  const { state } = context.store;
  const made = attemptOn(state, branch);
  if (made) {
    const { task, run } = made;
    return {
      ...{ kind: 'task', task: task.id, attempt: run.attempt, attempts: task.attempts },
      ...{ task_word: attemptWord(task, run, state), instance: run.instance },
      ...(run.by_hand === undefined ? {} : { by_hand: run.by_hand }),
    };
  }
  const nobody = { task: null, attempt: null, attempts: null, task_word: null, instance: null };
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
  const run = task && runOn(task, info.branch);
  const isOfTask = task?.batch != null && task.run === run && run?.result?.head_commit === info.commit;
  if (task && (isOfTask || isMergedWork(state, { task: task.id, commit: info.commit }))) return true;
  // A branch without a commit of its own is not merged: there is nothing that could be.
  if (run?.start_commit === info.commit) return false;
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

/** `t3`, or `t3, attempt 1 of 2` where the task has had several. */
export const madeForText = ({ task, attempt, attempts }: Pick<BranchRow, 'task' | 'attempt' | 'attempts'>): string => {
  if (task === null) return '';
  return attempts === null || attempts < 2 ? task : `${task}, attempt ${attempt} of ${attempts}`;
};

/** Who made a branch: its agent, and who went on with it by hand. */
export const madeByText = ({ instance, by_hand }: Pick<BranchRow, 'instance' | 'by_hand'>): string =>
  instance === null ? '' : doneBy({ instance, by_hand });
