import { z } from 'zod';
import { oneLine, shorten } from '../../lib/text.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { reportedTask, reporterOf } from './reported-task.ts';

export const reportProgress = defineCommand({
  verb: 'report',
  noun: 'progress',
  summary: 'Say how far a running task is, in percent',
  example: 'report progress 40 "parser works"',
  role: 'operator',
  agents: true,
  modifiers: [],
  target: 'none',
  one: 'task',
  text: 'text',
  reads: false,
  effects: 'records how far the task is',
  params: z.object({
    percent: z.coerce.number().min(0).max(100).describe('Percent'),
    text: z.string().optional().describe('What was reached'),
    id: idsParam.optional().describe('The task; an agent’s own by default'),
  }),
  result: z.object({ progress: z.number(), note: z.string().nullable() }),
  refuses: ({ state, reader }, { id }) => void reportedTask(reporterOf(reader), state, id),
  run: async (context, { percent, text, id }) => {
    const note = text === undefined ? null : shorten(oneLine(text), 200);
    await context.decide((state) => [
      { type: 'run.progressed', data: { id: reportedTask(context.actor, state, id).id, progress: percent, note } },
    ]);
    return { message: `Noted: ${percent} %${note ? `, ${note}` : ''}.`, data: { progress: percent, note } };
  },
});
