import { z } from 'zod';
import { say, saidId, saidOption } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { type Review, reviewOf } from '../../state/reviews.ts';
import { defineCommand } from '../define.ts';
import { notFound, wrongState } from '../errors.ts';
import { idsParam, oneTask } from '../selection.ts';

type Comment = Review['comments'][number];

/** The comment that is meant; refuses one that is not there, or that its agent has already. */
const commentMeant = (state: State, task: string, comment: string): Comment => {
  const { comments } = reviewOf(state.reviews, task);
  const found = comments.find((one) => one.id === comment);
  if (!found) throw notFound({ noun: 'comment', id: comment, known: comments.map((one) => one.id) });
  if (!found.sent) return found;
  throw wrongState({
    id: comment,
    state: 'sent',
    wants: 'the agent has it already',
    hint: `Say what holds now: comment task ${saidId(task)} ${saidOption('file', found.file)} line=${found.line} "…"`,
  });
};

/** The command that says a comment once more. */
const sayingOf = (task: string, { file, line, side, text }: Comment): string => {
  const old = side === 'old' ? { side } : {};
  return say({ verb: 'comment', noun: 'task', modifiers: [], parameters: { id: task, file, line, ...old, text } });
};

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
  refuses: ({ state }, { id, comment }) => void commentMeant(state, oneTask(state, id).id, comment),
  run: async (context, { id, comment }) => {
    const { id: task } = oneTask(context.store.state, id);
    let hint: string | undefined;
    await context.decide((state) => {
      hint = `To say it again: ${sayingOf(task, commentMeant(state, task, comment))}`;
      return [{ type: 'review.comment_removed', data: { task, id: comment } }];
    });
    const data = { task, id: comment };
    return { message: `${comment} is gone.`, data, ...(hint === undefined ? {} : { hint }) };
  },
});
