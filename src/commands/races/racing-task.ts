import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing } from '../../tasks/race.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { oneTask } from '../selection.ts';

/** The task that is meant by its own id or that of one of its racers, with its race, the latest one. */
export const racedTask = (state: State, ids: readonly string[]): Task => {
  const named = oneTask(state, ids);
  const task = named.race_of === undefined ? named : oneTask(state, [named.race_of]);
  if (!task.race)
    throw nothingToDo({
      message: `${task.id} was not raced for.`,
      hint: `Begin a race: race task ${saidId(task.id)} instances=3`,
    });
  return task;
};

/** The same, of which the race must not be over. */
export const racingTask = (state: State, ids: readonly string[]): Task => {
  const task = racedTask(state, ids);
  if (isRacing(task)) return task;
  throw wrongState({
    id: task.id,
    state: task.race?.winner ? `won by ${task.race.winner}` : 'not raced for any more',
    wants: 'its race is over',
    hint: `Look at it: show race ${saidId(task.id)}`,
  });
};

/** Refuses what would take a task, or one racer of it, out of the hands of its race. */
export const refuseRacing = (state: State, task: Task): void => {
  const raced = task.race_of === undefined ? task : state.tasks[task.race_of];
  if (!raced || !isRacing(raced)) return;
  throw wrongState({
    id: task.id,
    state: 'in a race',
    wants: 'only its race can be ended',
    hint: `Take a winner with "choose task …", or give it up: cancel race ${saidId(raced.id)}`,
  });
};
