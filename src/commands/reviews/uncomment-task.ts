import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { reviewOf } from '../../state/reviews.ts';
import { defineCommand } from '../define.ts';
import { notFound, wrongState } from '../errors.ts';
import { idsParam, oneTask } from '../selection.ts';

export const uncommentTask = defineCommand({
  verb: 'uncomment',
  noun: 'task',
  summary: 'Take a comment back that its agent was not told of yet',
  example: 'uncomment task 3.1 comment=c2',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'removes the comment',
  params: z.object({
    id: idsParam.describe('The task'),
    comment: z.string().describe('The comment, as "review task" names it'),
  }),
  result: z.object({ task: z.string(), id: z.string() }),
  run: async (context, { id, comment }) => {
    const { id: task } = oneTask(context.store.state, id);
    await context.decide((state) => {
      const { comments } = reviewOf(state.reviews, task);
      const found = comments.find((one) => one.id === comment);
      if (!found) throw notFound({ noun: 'comment', id: comment, known: comments.map((one) => one.id) });
      if (found.sent)
        throw wrongState({
          id: comment,
          state: 'sent',
          wants: 'the agent has it already',
          hint: `Say what holds now: comment task ${saidId(task)} file=${found.file} line=${found.line} "…"`,
        });
      return [{ type: 'review.comment_removed', data: { task, id: comment } }];
    });
    return { message: `${comment} is gone.`, data: { task, id: comment } };
  },
});
