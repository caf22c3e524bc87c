import { z } from 'zod';
import { withoutControls } from '../lib/text.ts';
import { defineCommand } from './define.ts';
import { wrongState } from './errors.ts';
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
  params: z.object({ id: idsParam, text: z.string().describe('The answer') }),
  run: async (context, { id, text }) => {
    const one = oneInstance(context.store.state, id);
    if (one.state.kind !== 'waiting' || one.pane === null)
      throw wrongState({
        id: one.instance_id,
        state: one.state.kind,
        wants: 'it asks nothing',
        hint: `To say something anyway: tell ${one.instance_id} "…".`,
      });
    await context.tmux.type(one.pane, withoutControls(text).replaceAll('\n', ' '), { enter: true });
    return {
      message: `Answered ${one.instance_id}.`,
      data: { instance: one.instance_id, question: one.question },
      sideEffects: [`typed into ${one.instance_id}`],
    };
  },
});
