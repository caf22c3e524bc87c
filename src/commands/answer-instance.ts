import { z } from 'zod';
import { answeredSchema, answerOne } from './answering.ts';
import { defineCommand } from './define.ts';
import { idsParam, oneInstance } from './selection.ts';

export const answerInstance = defineCommand({
  verb: 'answer',
  noun: 'instance',
  summary: 'Answer the question that an agent waits with',
  example: 'answer rehearsal-1 "yes"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  text: 'text',
  reads: false,
  effects: 'types the answer into the agent’s terminal',
  params: z.object({ id: idsParam, text: z.string().describe('The answer') }),
  result: answeredSchema,
  run: (context, { id, text }) => answerOne(context, oneInstance(context.store.state, id), text),
});
