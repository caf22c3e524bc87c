import { z } from 'zod';
import { briefOf } from './briefing.ts';
import { defineCommand } from './define.ts';
import { idsParam, oneTask } from './selection.ts';

export const showBrief = defineCommand({
  verb: 'show',
  noun: 'brief',
  summary: 'Print what an agent is told to do for a task',
  example: 'show brief 3.1',
  role: 'viewer',
  agents: true,
  modifiers: [],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  run: async ({ store: { state }, settings }, { id }) => {
    const task = oneTask(state, id);
    const text = briefOf(state, settings, task, task.run?.branch ?? '(chosen when it starts)');
    return { message: text, data: { task: task.id, text } };
  },
});
