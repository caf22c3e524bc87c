import { z } from 'zod';
import { briefOf } from '../../tasks/briefing.ts';
import { defineCommand } from '../define.ts';
import { idsParam, oneTask } from '../selection.ts';

export const showBrief = defineCommand({
  verb: 'show',
  noun: 'brief',
  summary: 'Print what an agent is told to do for a task',
  example: 'show brief 3.1',
  role: 'viewer',
  agents: true,
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: true,
  params: z.object({ id: idsParam }),
  result: z.object({ task: z.string(), text: z.string() }),
  run: async ({ store: { state }, settings }, { id }) => {
    const task = oneTask(state, id);
    const text = briefOf(state, settings, task, {
      branch: task.run?.branch ?? '(chosen when it starts)',
      mode: task.run ? task.run.mode : task.mode,
    });
    return { message: text, data: { task: task.id, text } };
  },
});
