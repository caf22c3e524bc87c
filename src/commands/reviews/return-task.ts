import { z } from 'zod';
import { shorten, shownLine } from '../../lib/text.ts';
import { saidId, saidText } from '../../protocol/say.ts';
import { alertClearingFacts, dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { type ReviewComment, reviewOf } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { canTake } from '../../tasks/returned.ts';
import { instructionText } from '../../text/review-instruction.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { leftOutText } from '../git/batches.ts';
import { pausedText, waitingText } from '../tasks/not-begun.ts';
import { assertSettled, reviewedTask, type Work, workOf } from './reviewed.ts';

/** Whoever did it knows it best; where that one is gone, anybody takes it. */
const backToAuthor = (state: State, { task, run }: Work): EventDraft[] => {
  if (!canTake(state.instances[run.instance])) return [];
  const data = { id: task.id, instance: run.instance, pinned: task.pinned, reason: 'sent back to who did it' };
  return [{ type: 'task.assigned', data }];
};

/** What is said beside the comments; undefined where the words are left empty. */
const wordsIn = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** The comments that go to the agent; refuses to send back what cannot be, or with not a word. */
const newComments = (state: State, task: Task, text: string | undefined): readonly ReviewComment[] => {
  assertSettled(task);
  const { id } = task;
  const comments = reviewOf(state.reviews, id).comments.filter((one) => !one.sent);
  if (comments.length === 0 && wordsIn(text) === undefined)
    throw nothingToDo({
      message: `There is nothing to tell the agent about ${id}.`,
      hint: `Comment on a line, or say it: return task ${saidId(id)} "…"`,
    });
  return comments;
};

const factsFor = (context: Context, state: State, work: Work, text: string | undefined): EventDraft[] => {
  const { task, run, to } = work;
  const { id } = task;
  const now = state.tasks[id] ?? task;
  const comments = newComments(state, now, text);
  const by = context.actor.name;
  const instruction = { branch: run.branch, by, text: instructionText(comments, wordsIn(text)) };
  return [
    { type: 'review.sent_back', data: { task: id, commit: to, by, comments: comments.map((one) => one.id) } },
    { type: 'task.sent_back', data: { id, reason: 'sent back by its review', instruction } },
    ...(now.held ? [{ type: 'task.held', data: { id, held: false } } as const] : []),
    { type: 'task.requested', data: { ids: [id], retries: 0 } },
    ...backToAuthor(state, work),
    ...alertClearingFacts(state, id, 'sent back'),
  ];
};

const commentsText = (count: number): string => (count === 0 ? '' : ` with ${plural(count, 'comment')}`);

/** Characters of the words that are foretold. */
const FORETOLD = 60;

/** To whom the work would go back, and with what: whoever reads that sees what is sent before it is. */
const foretellReturn = (state: State, ids: readonly string[], text: string | undefined): string => {
  const { task, run } = reviewedTask(state, ids);
  const to = canTake(state.instances[run.instance]) ? ` to ${run.instance}` : '';
  const words = wordsIn(text);
  const said = words === undefined ? '' : ` · ${saidText(shorten(shownLine(words), FORETOLD))}`;
  return `sends ${task.id} back${to}${commentsText(newComments(state, task, text).length)}${said}`;
};

export const returnTask = defineCommand({
  verb: 'return',
  noun: 'task',
  summary: 'Send the work of a task back: all new comments go to the agent as one instruction, on the same branch',
  example: 'return task 3.1 "keep the old name as well"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'opens the task again on its branch and queues it, with the comments and what you say as the instruction',
  text: 'text',
  params: z.object({
    id: idsParam.describe('The task'),
    text: z.string().trim().optional().describe('What you want beside the comments; without any, it cannot be empty'),
  }),
  result: z.object({ task: z.string(), branch: z.string(), comments: z.array(z.string()) }),
  foretells: ({ state }, { id, text }) => foretellReturn(state, id, text),
  refuses: ({ state }, { id, text }) => void newComments(state, reviewedTask(state, id).task, text),
  run: async (context, { id, text }) => {
    const work = await workOf(context, context.store.state, id);
    const { task, run } = work;
    let comments: readonly string[] = [];
    await context.decide((state) => {
      const facts = factsFor(context, state, work, text);
      comments = dataOf(facts, 'review.sent_back').flatMap((data) => data.comments);
      return facts;
    });
    const { state } = context.store;
    const { assignee } = state.tasks[task.id] ?? task;
    const waits = waitingText(state.tasks, [task.id]);
    const begins = waits === '' && state.swarm.paused ? pausedText([task.id]) : waits;
    return {
      message: `${task.id} goes back${assignee === null ? '' : ` to ${assignee}`}${commentsText(comments.length)}, on ${run.branch}.${begins}${leftOutText(state, [task.id])}`,
      data: { task: task.id, branch: run.branch, comments: [...comments] },
    };
  },
});
