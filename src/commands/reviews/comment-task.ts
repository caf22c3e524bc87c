import { z } from 'zod';
import { reviewOf } from '../../state/reviews.ts';
import { defineCommand } from '../define.ts';
import { badParameter, noSuchLine } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { reviewedTask, workOf } from './reviewed.ts';

/** A line that is longer is data; its beginning tells which one it is. */
const LONGEST_CODE = 400;

export const commentTask = defineCommand({
  verb: 'comment',
  noun: 'task',
  summary: 'Say something to a line of the work of a task; "return task" sends all of it to the agent',
  example: 'comment task 3.1 file=src/a.ts line=12 "why not a map?"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'keeps the comment beside the work; the agent hears of it with "return task"',
  text: 'text',
  params: z.object({
    id: idsParam.describe('The task'),
    file: z.string().describe('Path of the file in the repository'),
    line: z.coerce.number().int().min(1).describe('Number of the line'),
    side: z.enum(['new', 'old']).default('new').describe('old: the file as it was before the work'),
    text: z.string().trim().min(1, 'say something').describe('What you say to it'),
  }),
  result: z.object({ task: z.string(), id: z.string(), code: z.string() }),
  refuses: ({ state }, { id }) => void reviewedTask(state, id),
  // Which lines the work has is only seen when it is read.
  unsure: () => true,
  run: async (context, { id, file, line, side, text }) => {
    const { task, from, to } = await workOf(context, context.store.state, id);
    const commit = side === 'old' ? from : to;
    const content = await context.git.readFile(commit, file);
    if (content === null)
      throw badParameter({ command: 'comment task', key: 'file', issue: `"${file}" is no text file in that work` });
    const lines = content.split('\n');
    // What ends with a line feed has no line after it.
    if (line > lines.length - (lines.at(-1) === '' ? 1 : 0)) throw noSuchLine({ file, line, commit });
    const code = lines[line - 1]!.replace(/\r$/u, '').slice(0, LONGEST_CODE);
    let comment = '';
    await context.decide((state) => {
      comment = `c${reviewOf(state.reviews, task.id).next_comment}`;
      const said = { id: comment, commit, file, side, line, code, text, by: context.actor.name };
      return [{ type: 'review.commented', data: { task: task.id, comment: said } }];
    });
    return { message: `${comment} on ${file}:${line} of ${task.id}.`, data: { task: task.id, id: comment, code } };
  },
});
