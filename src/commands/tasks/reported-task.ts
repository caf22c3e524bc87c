import { saidId } from '../../protocol/say.ts';
import { denied } from '../../protocol/errors.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import type { Actor, Standing } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { oneTask } from '../selection.ts';

type Reporter = Pick<Actor, 'name' | 'role' | 'instance'>;

/** Who would report, where the state alone is known: an agent is called after its instance. */
export const reporterOf = (reader: Standing['reader']): Reporter =>
  reader === undefined
    ? { name: 'cli', role: 'operator', instance: null }
    : { ...reader, instance: reader.role === 'agent' ? reader.name : null };

/** The running task that a report is about: an agent’s own, or the named one. */
export const reportedTask = (actor: Reporter, state: State, id: readonly string[] | undefined): Task => {
  const queue = state.instances[actor.instance ?? '']?.task_assignments ?? [];
  const own = queue.find((one) => state.tasks[one]?.state === 'running') ?? queue[0];
  if (id === undefined && own === undefined)
    throw nothingToDo({ message: 'There is no task to report on.', hint: 'Name it: report progress 40 id=3.1' });
  const task = oneTask(state, id ?? [own!]);
  if (actor.role === 'agent' && task.id !== own)
    throw denied({
      actor: actor.name,
      command: `report on ${task.id}`,
      needs: 'An agent reports on its own task only.',
    });
  if (task.state !== 'running')
    throw nothingToDo({ message: `${task.id} is not running.`, hint: `Look at it: show task ${saidId(task.id)}` });
  return task;
};
