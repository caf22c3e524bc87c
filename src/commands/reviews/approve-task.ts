import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { saidId } from '../../protocol/say.ts';
import { isUnderWay } from '../../state/batches.ts';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { approvalOf, reviewOf } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { discardedBase } from '../../tasks/built-on.ts';
import { openPrerequisite, standingConflict, unseenPrerequisite } from '../../tasks/mergeable.ts';
import { returnedTasks } from '../../tasks/returned.ts';
import { builtAnewHint, builtOnText } from '../../text/built-on-text.ts';
import { type Context, defineCommand, type Standing } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { isActive } from '../../tasks/startable.ts';
import { runHint } from '../tasks/run-hints.ts';
import { assertSettled, reviewedTask, type Work, workOf } from './reviewed.ts';

const isByHand = (state: State, id: string): boolean => reviewOf(state.reviews, id).taken_over !== null;

/** Whether the work waits for its verdict, by an approval that was said before. */
const isVerifying = (state: State, { id, state: now }: Task): boolean => now === 'verifying' && isByHand(state, id);

/** What a person has committed meanwhile is verified as an agent's work is, in the worktree that the person worked in. */
const verifyByHand = async (context: Context, { task, run, to }: Work): Promise<void> => {
  const { id } = task;
  if (!isByHand(context.store.state, id) || (task.state === 'done' && run.result?.head_commit === to)) return;
  await context.decide(
    (state) => {
      assertSettled(state.tasks[id] ?? task);
      return [{ type: 'run.claimed', data: { id, summary: run.summary, by_hand: context.actor.name } }];
    },
    ({ type }) => type === 'run.claimed',
  );
  await context.store.until((state) => state.tasks[id]?.state !== 'verifying', context.signal);
};

/** What of the work that approved work is built on keeps it out; undefined where nothing does. */
const heldByText = ({ state, settings }: Pick<Standing, 'state' | 'settings'>, task: Task): string | undefined => {
  const { id } = task;
  const before = openPrerequisite(state, task);
  if (before !== undefined && isActive(state.tasks[before]!))
    return `It is built on ${before}, which is being done again: the next batch after that merges it. How far it is: show task ${saidId(before)}`;
  if (before !== undefined)
    return `It is built on ${before}, which has to be done again first. ${runHint(state, state.tasks[before]!, 'Do that')}`;
  const unseen = unseenPrerequisite(state, task, settings.review === 'before-merge');
  if (unseen !== undefined)
    return `It is built on ${unseen}, which nobody has approved, and is merged after that: review task ${saidId(unseen)}`;
  const discarded = discardedBase(state, task);
  return discarded && `No batch takes it: ${builtOnText(id, discarded)}. ${builtAnewHint(id)}`;
};

const NEXT_BATCH = 'The next batch merges it: "merge completed branches".';

/** What brings approved work into the integration branch: the next batch, unless it leaves this work aside. */
const mergeText = (standing: Pick<Standing, 'state' | 'settings'>, { id }: Task): string => {
  const { state, settings } = standing;
  const task = state.tasks[id];
  if (!task) return NEXT_BATCH;
  if (task.batch !== null) return `It is merged in ${task.batch}.`;
  const taker = valuesOf(state.batches).find(
    (batch) => isUnderWay(batch) && batch.tasks.includes(id) && batch.set_aside.every((one) => one.task !== id),
  );
  // One that had begun before that takes what it found then.
  if (taker && taker.started_at >= task.since) return `${taker.id}, which is under way, merges it.`;
  const conflict = standingConflict(state, task);
  if (conflict !== undefined)
    return `It stays aside until it changes (${conflict}). To change it, or to have what was committed to it since checked: takeover task ${saidId(id)}; then: approve task ${saidId(id)}. To try it again as it is: merge branch ${saidId(id)}`;
  const held = heldByText(standing, task);
  if (held !== undefined) return held;
  if (!returnedTasks(state, settings.review).includes(id)) return NEXT_BATCH;
  return `A batch begins with it by itself${state.swarm.paused ? ' when the swarm is resumed' : ''}.`;
};

/** The commit of a task that was verified. */
const verifiedCommit = (state: State, id: string): string => {
  const task = state.tasks[id];
  const head = task?.run?.result?.head_commit;
  if (task?.state === 'done' && head !== undefined) return head;
  throw wrongState({
    id,
    state: task?.state ?? 'gone',
    wants: task?.run?.failure ? task.run.failure.message : 'only verified work is approved',
    hint: `Look at it in its review, and send it back: return task ${saidId(id)} "…"`,
  });
};

const refuseApproved = (standing: Pick<Standing, 'state' | 'settings'>, id: string): void => {
  const { state } = standing;
  const task = state.tasks[id];
  if (task && approvalOf(state.reviews, task))
    throw nothingToDo({
      message: `${id} is approved already, at ${task.run!.result!.head_commit.slice(0, 10)}.`,
      hint: mergeText(standing, task),
    });
};

/** That the branch has gone on since the commit that is approved. */
const beyondText = ({ task: { id }, beyond }: Work): string =>
  beyond === null
    ? ''
    : ` Its branch is at ${beyond.slice(0, 10)} now, which no check has seen and no merge takes; to have that as well: takeover task ${saidId(id)}.`;

export const approveTask = defineCommand({
  verb: 'approve',
  noun: 'task',
  summary: 'Say yes to the work of a task as it is now; with review: before-merge the next batch takes it',
  example: 'approve task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'notes that you agree with this very commit; another commit takes that away',
  params: z.object({
    id: idsParam.describe('The task'),
    commit: z.string().optional().describe('The commit that you looked at: refused where there is another one by now'),
  }),
  result: z.object({ task: z.string(), commit: z.string() }),
  refuses: (standing, { id: ids, commit }) => {
    const { state } = standing;
    const { task } = reviewedTask(state, ids);
    assertSettled(task);
    // What a person has committed is verified when it is approved.
    if (isByHand(state, task.id)) return;
    const head = verifiedCommit(state, task.id);
    if (commit !== undefined && !head.startsWith(commit)) throw changedSince({ task, to: head, beyond: null }, commit);
    refuseApproved(standing, task.id);
  },
  unsure: ({ state }, { id: ids, commit }) => commit !== undefined && isByHand(state, ids[0] ?? ''),
  run: async (context, { id, commit }) => {
    const work = await workOf(context, context.store.state, id);
    // Said again after the death of a daemon it waits for the verdict that it has asked for itself.
    if (!isVerifying(context.store.state, work.task)) assertSettled(work.task);
    if (commit !== undefined && !work.to.startsWith(commit)) throw changedSince(work, commit);
    await verifyByHand(context, work);
    const { id: task } = work.task;
    const facts = await context.decide(
      (state) => {
        const head = verifiedCommit(state, task);
        if (head !== work.to) throw changedSince(work, head);
        refuseApproved({ state, settings: context.settings }, task);
        return [{ type: 'review.approved', data: { task, commit: head, by: context.actor.name } }];
      },
      ({ type }) => type === 'review.approved',
    );
    const approved = dataOf(facts, 'review.approved')[0]?.commit ?? work.to;
    return {
      message: `${task} is approved at ${approved.slice(0, 10)}.${beyondText(work)} ${mergeText({ state: context.store.state, settings: context.settings }, work.task)}`,
      data: { task, commit: approved },
    };
  },
});

/** What was looked at is not what is approved: another attempt, or what came onto the branch after that was verified. */
const changedSince = ({ task: { id }, to, beyond }: Pick<Work, 'task' | 'to' | 'beyond'>, seen: string) =>
  beyond?.startsWith(seen)
    ? wrongState({
        id,
        state: `verified at ${to.slice(0, 10)}`,
        wants: `no check has seen ${seen.slice(0, 10)}, where its branch is now`,
        hint: `To have that checked: takeover task ${saidId(id)}; then: approve task ${saidId(id)}`,
      })
    : wrongState({
        id,
        state: `at ${to.slice(0, 10)}`,
        wants: `what was verified or looked at is ${seen.slice(0, 10)}`,
        hint: `Look at it again: review task ${saidId(id)}`,
      });
