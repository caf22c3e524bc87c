import { z } from 'zod';
import { entryOf } from '../../lib/entry.ts';
import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { isPresent } from '../../state/moves.ts';
import { approvalOf, reviewOf } from '../../state/reviews.ts';
import { taskCost } from '../../text/cost-rows.ts';
import { type PatchFile, parsePatch } from '../../text/patch.ts';
import { type ReviewData, reviewDataSchema } from '../../text/review-data.ts';
import { evidenceFor } from '../../text/review-evidence.ts';
import { drawReview } from '../../text/review-text.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { reviewedTask, type Work, workOf } from './reviewed.ts';

/** Characters of a patch that are sent: some 50,000 lines. */
const PATCH_LIMIT = 4_000_000;

const OUTPUT = 600;
const endOf = (text: string): string => text.trim().slice(-OUTPUT);

/** Whether a batch has judged this commit of a task; of old ones it is not known which they took. */
const hasJudged = ({ took = {}, merged, set_aside }: Batch, task: string, commit: string): boolean => {
  const head =
    entryOf(took, task)?.head ??
    merged.find((one) => one.task === task)?.head ??
    set_aside.find((one) => one.task === task)?.commit;
  return head === undefined || head === commit;
};

/** What ran on this commit of the work: its check, and the gates of the batches that had it. */
const gatesOf = (state: State, { task, run, to }: Pick<Work, 'task' | 'run' | 'to'>): ReviewData['gates'] => {
  const { result, failure } = run;
  const own: ReviewData['gates'] = [
    ...(result && result.head_commit === to && result.check_ms > 0
      ? [{ name: 'check', passed: true, ms: result.check_ms, text: endOf(result.check_output), output: null }]
      : []),
    ...(failure
      ? [
          {
            name: failure.class,
            passed: false,
            ms: null,
            text: endOf(failure.message),
            output: failure.output?.trimEnd() || null,
          },
        ]
      : []),
  ];
  const merges = Object.values(state.batches).flatMap((batch) => {
    const { id, checks } = batch;
    return checks
      .filter((one) => (one.tasks ?? [one.task]).includes(task.id) && hasJudged(batch, task.id, to))
      .map((one) => ({
        name: one.gate === undefined ? `merge in ${id}` : `${one.gate} in ${id}`,
        passed: one.problem === null,
        ms: one.ms,
        text: one.problem ?? one.command,
        output: null,
      }));
  });
  return [...own, ...merges];
};

const filesOf = (
  counts: readonly Pick<ReviewData['files'][number], 'path' | 'insertions' | 'deletions'>[],
  parsed: readonly PatchFile[],
  seen: Readonly<Record<string, string>>,
): ReviewData['files'] => {
  const contents = new Map(parsed.map(({ path, content }) => [path, content]));
  return counts.map((file) => {
    const content = contents.get(file.path) ?? '';
    return { ...file, content, seen: Object.hasOwn(seen, file.path) && seen[file.path] === content };
  });
};

const folderOf = async ({ git }: Pick<Context, 'git'>, branch: string): Promise<string | null> =>
  (await git.worktrees()).find((one) => one.branch === branch)?.path ?? null;

const reviewDataOf = async (context: Context, work: Work, isDetailed: boolean): Promise<ReviewData> => {
  const { state } = context.store;
  const { task, run, from, to, beyond } = work;
  const [{ files, patch }, folder] = await Promise.all([context.git.diff(from, to), folderOf(context, run.branch)]);
  const parsed = parsePatch(patch);
  const review = reviewOf(state.reviews, task.id);
  const checkOutput = run.result?.check_output ?? '';
  return {
    task: task.id,
    title: task.title,
    state: task.state,
    batch: task.batch,
    author: run.instance,
    attempt: run.attempt,
    branch: run.branch,
    from,
    to,
    beyond,
    claim: run.summary,
    gates: gatesOf(state, work),
    cost: taskCost(state, task.id, context.settings.budgets.task),
    criteria: evidenceFor({ task, files: parsed, commit: to, checkOutput, review }),
    others: Object.values(state.instances)
      .filter((one) => one.instance_id !== run.instance && isPresent(one.state.kind))
      .map((one) => one.instance_id),
    files: filesOf(files, parsed, review.seen),
    review,
    approved: approvalOf(state.reviews, task) !== null && run.result?.head_commit === to,
    policy: context.settings.review,
    folder,
    patch: isDetailed ? patch.slice(0, PATCH_LIMIT) : null,
    cut: isDetailed && patch.length > PATCH_LIMIT,
  };
};

const sentenceOf = ({ task, title, files, approved, criteria }: ReviewData): string => {
  const sum = (of: 'insertions' | 'deletions'): number => files.reduce((all, file) => all + (file[of] ?? 0), 0);
  const open = criteria.filter(({ evidence }) => evidence.length === 0).length;
  const missing = open === 0 ? '' : `, ${open} ${open === 1 ? 'criterion' : 'criteria'} without evidence`;
  return `${task} ${title}: ${plural(files.length, 'file')}, +${sum('insertions')} −${sum('deletions')}${missing}, ${approved ? 'approved' : 'not approved'}.`;
};

export const reviewTask = defineCommand({
  verb: 'review',
  noun: 'task',
  summary:
    'The work of a task for whoever decides on it: gates, claim, cost, evidence for each criterion, files, comments',
  example: 'review task 3.1',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'task',
  reads: true,
  params: z.object({
    id: idsParam.describe('The task'),
    commit: z.string().optional().describe('The last commit that is looked at; without it, that of its branch'),
  }),
  result: reviewDataSchema,
  refuses: ({ state }, { id }) => void reviewedTask(state, id),
  run: async (context, { id, commit }, modifiers) => {
    const work = await workOf(context, context.store.state, id);
    const to = commit === undefined ? work.to : ((await context.git.resolve(commit)) ?? work.to);
    const data = await reviewDataOf(context, { ...work, to }, modifiers.includes('detailed'));
    return { message: sentenceOf(data), data };
  },
  draw: drawReview,
});
