import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { answerAll, answeredSchema, answerLoss, answerParams } from './answers.ts';

export const denyInstance = defineCommand({
  verb: 'deny',
  noun: 'instance',
  summary: 'Say no to what an agent waits with; it goes on without it',
  example: 'deny rehearsal-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'gives the agent a no, by its hook or by keys in its terminal',
  params: z.object(answerParams),
  result: z.array(answeredSchema),
  loss: (state, targets) => answerLoss(state, targets, 'no'),
  run: (context, targets) => answerAll(context, targets, 'no'),
});
