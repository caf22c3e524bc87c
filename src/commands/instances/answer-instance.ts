import { z } from 'zod';
import type { Instance } from '../../state/instances.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { answeredSchema, answerOne } from './answers.ts';

/** An answer is for the question that was read, and never for one that came after it. */
const sameQuestion = (one: Instance, since: string | undefined): Instance => {
  if (since === undefined || one.state.kind !== 'waiting' || one.state.since === since) return one;
  throw wrongState({
    id: one.instance_id,
    state: one.state.kind,
    wants: `it asks something else by now: ${one.question}`,
    hint: 'Nothing was sent. Answer what it asks now.',
  });
};

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
  effects: 'gives the answer to the agent, by its hook or typed into its terminal',
  params: z.object({
    id: idsParam,
    text: z.string().describe('The answer'),
    since: z.string().optional().describe('Only if it waits since this time, so with this question'),
  }),
  result: answeredSchema,
  run: (context, { id, text, since }) =>
    answerOne(context, sameQuestion(oneInstance(context.store.state, id), since), text),
});
