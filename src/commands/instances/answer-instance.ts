import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { answeredSchema, answerOne, requireWaiting, sinceParam } from './answers.ts';

export const answerInstance = defineCommand({
  verb: 'answer',
  noun: 'instance',
  summary: 'Answer the question that an agent waits with',
  example: 'answer rehearsal-1 "yes"',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'instance',
  text: 'text',
  reads: false,
  effects: 'gives the answer to the agent, by its hook or typed into its terminal',
  params: z.object({
    id: idsParam,
    text: z.string().describe('The answer'),
    since: sinceParam,
  }),
  result: answeredSchema,
  refuses: ({ state }, { id }) => requireWaiting(oneInstance(state, id)),
  run: (context, { id, text, since }) =>
    answerOne(context, () => oneInstance(context.store.state, id), { answer: text, since }),
});
