import { saidId } from '../../protocol/say.ts';
import { denied } from '../../protocol/errors.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import type { Context } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { oneTask } from '../selection.ts';

/** The running task that a report is about: an agent’s own, or the named one. */
export const reportedTask = (
  context: Pick<Context, 'actor'>,
  state: State,
  id: readonly string[] | undefined,
): Task => {
  const queue = state.instances[context.actor.instance ?? '']?.task_assignments ?? [];
  const own = queue.find((one) => state.tasks[one]?.state === 'running') ?? queue[0];
  if (id === undefined && own === undefined)
    throw nothingToDo({ message: 'There is no task to report on.', hint: 'Name it: report progress 40 id=3.1' });
  const task = oneTask(state, id ?? [own!]);
  if (context.actor.role === 'agent' && task.id !== own)
    throw denied({
      actor: context.actor.name,
      command: `report on ${task.id}`,
      needs: 'An agent reports on its own task only.',
    });
  if (task.state !== 'running')
    throw nothingToDo({ message: `${task.id} is not running.`, hint: `Look at it: show task ${saidId(task.id)}` });
  return task;
};
