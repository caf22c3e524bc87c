import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { answerAll, answeredSchema, answerLoss, answerParams, assertTakesYes } from './answers.ts';

export const approveInstance = defineCommand({
  verb: 'approve',
  noun: 'instance',
  summary: 'Say yes to what an agent waits with',
  example: 'approve rehearsal-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'gives the agent a yes, by its hook or by keys in its terminal',
  params: z.object(answerParams),
  result: z.array(answeredSchema),
  loss: (state, targets) => answerLoss(state, targets, 'yes'),
  refuses: ({ state }, { since: _since, ...targets }) => assertTakesYes(state, targets),
  run: (context, targets) => answerAll(context, targets, 'yes'),
});
