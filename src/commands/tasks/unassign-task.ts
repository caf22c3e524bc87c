import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { idsOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { refuseRacing } from '../races/racing-task.ts';
import { oneInstance, requireSome, selectTasks, taskParams } from '../selection.ts';

const params = z.object({
  ...taskParams,
  from: z.string().optional().describe('The instance whose queue they are taken out of'),
});

/** The tasks to be unassigned: with `from` all that wait for that instance, else the named ones. */
const chooseTasks = (state: State, { from, ...targets }: z.infer<typeof params>): readonly Task[] => {
  const holder = from === undefined ? undefined : oneInstance(state, [from]).instance_id;
  const found = requireSome(selectTasks(state, targets), 'task', targets);
  return holder === undefined || targets.id
    ? found.map((task) => {
        refuseRacing(state, task);
        if (task.state !== 'assigned' || (holder ?? task.assignee) !== task.assignee)
          throw wrongState({
            id: task.id,
            state: task.state,
            wants: holder === undefined ? 'only a waiting one can be unassigned' : `it does not wait for ${holder}`,
            hint: `When it runs, say: stop task ${saidId(task.id)}`,
          });
        return task;
      })
    : found.filter((task) => task.state === 'assigned' && task.assignee === holder);
};

const NOTHING = 'Nothing waits there.';

export const unassignTask = defineCommand({
  verb: 'unassign',
  noun: 'task',
  summary: 'Take waiting tasks out of the queue of their instance',
  example: 'unassign task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'takes the tasks out of the queues of their instances',
  params,
  result: z.array(z.string()).describe('The tasks that wait again'),
  targets: (state, input) => chooseTasks(state, input).map(({ id }) => id),
  nothing: NOTHING,
  run: async (context, input) => {
    const facts = await context.decide((state) =>
      chooseTasks(state, input).map(({ id }) => ({ type: 'task.unassigned', data: { id, reason: 'by hand' } })),
    );
    const ids = idsOf(facts, 'task.unassigned');
    return { message: ids.length === 0 ? NOTHING : `Unassigned ${ids.join(', ')}.`, data: ids };
  },
});
