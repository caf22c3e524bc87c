import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idsParam, oneInstance } from '../selection.ts';

export const showLog = defineCommand({
  verb: 'show',
  noun: 'log',
  summary: 'Print what an agent’s terminal showed, as text',
  example: 'show log rehearsal-1',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'instance',
  reads: true,
  params: z.object({
    id: idsParam,
    limit: z.coerce.number().int().min(1).default(1000).describe('How many of the last lines'),
  }),
  result: z.object({ instance: z.string(), text: z.string() }),
  run: async ({ store: { state }, readLog }, { id, limit }) => {
    const one = oneInstance(state, id);
    const lines = (await readLog(one.instance_id)).split('\n');
    const text = lines.slice(-limit).join('\n');
    return { message: text, data: { instance: one.instance_id, text } };
  },
});
