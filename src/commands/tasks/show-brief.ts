import { z } from 'zod';
import { entryOf } from '../../lib/entry.ts';
import { withoutControls } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { briefOf } from '../../tasks/briefing.ts';
import { unfinishedRun } from '../../tasks/recovery.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam, oneTask } from '../selection.ts';

/** The brief that the agent of a run which goes on, or has come to its end, was given. */
const givenText = async ({ givenBrief }: Pick<Context, 'givenBrief'>, { instances }: State, task: Task) => {
  const isGiven = ['running', 'verifying', 'done'].includes(task.state);
  const holder = isGiven && task.run ? entryOf(instances, task.run.instance) : undefined;
  const text = holder && (await givenBrief(holder, task.id));
  // The file lies where its agent can write.
  return text ? withoutControls(text) : undefined;
};

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
  run: async (context, { id }) => {
    const { settings } = context;
    const { state } = context.store;
    const task = oneTask(state, id);
    const text =
      (await givenText(context, state, task)) ??
      briefOf(state, settings, task, {
        branch: task.run?.branch ?? '(chosen when it starts)',
        mode: task.run ? task.run.mode : task.mode,
        unfinished: unfinishedRun(task),
      });
    return { message: text, data: { task: task.id, text } };
  },
});
