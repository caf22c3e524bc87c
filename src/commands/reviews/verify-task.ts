import { z } from 'zod';
import { denied } from '../../protocol/errors.ts';
import type { State } from '../../state/index.ts';
import { reviewOf } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { evidenceFor } from '../../text/review-evidence.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { reviewedTask, workOf } from './reviewed.ts';

/** Refuses a criterion that the task does not have. */
const assertCriterion = ({ reviews }: State, task: Task, criterion: string): void => {
  const review = reviewOf(reviews, task.id);
  const known = evidenceFor({ task, files: [], commit: '', checkOutput: '', review }).map((one) => one.id);
  if (!known.includes(criterion)) throw notFound({ noun: 'criterion', id: criterion, known });
};

export const verifyTask = defineCommand({
  verb: 'verify',
  noun: 'task',
  summary: 'Vouch for a criterion of a task at its last commit; whoever did the work cannot',
  example: 'verify task 3.1 criterion=1.2 "seen in the browser"',
  role: 'operator',
  agents: true,
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'keeps your word as evidence for this commit',
  text: 'text',
  params: z.object({
    id: idsParam.describe('The task'),
    criterion: z.coerce.string().describe('The criterion, as "review task" names it'),
    text: z.string().trim().min(1, 'say what shows it').describe('What shows that it is met'),
  }),
  result: z.object({ task: z.string(), criterion: z.string() }),
  refuses: ({ state }, { id, criterion }) => assertCriterion(state, reviewedTask(state, id).task, criterion),
  run: async (context, { id, criterion, text }) => {
    const { task, run, to } = await workOf(context, context.store.state, id);
    const { actor } = context;
    const authors = new Set([...task.history, run].map(({ instance }) => instance));
    if (actor.instance !== null && authors.has(actor.instance))
      throw denied({
        actor: actor.name,
        command: 'verify task',
        needs: `It did ${task.id} itself: a person, or another instance, has to.`,
      });
    assertCriterion(context.store.state, task, criterion);
    const data = { task: task.id, criterion, commit: to, text, by: actor.name };
    await context.decide(() => [{ type: 'review.evidenced', data }]);
    return { message: `${criterion} of ${task.id}: ${actor.name} vouches for it.`, data: { task: task.id, criterion } };
  },
});
