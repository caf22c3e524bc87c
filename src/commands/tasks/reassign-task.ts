import { z } from 'zod';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing } from '../../tasks/race.ts';
import { compareIds } from '../../tasks/spec/number.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { presentIn } from '../instances/launch-facts.ts';
import { refuseRacing } from '../races/racing-task.ts';
import { flagParam, isActive, oneInstance, requireSome, selectTasks, taskParams } from '../selection.ts';
import { assignFacts, interruptFacts, interruptLoss } from './assign-facts.ts';

const params = z.object({
  ...taskParams,
  from: z.string().optional().describe('The instance to take them from'),
  to: z.string().optional().describe('The instance to give them to; the shortest queue when it is not said'),
  pin: flagParam.optional().describe('Whether they wait for it whatever happens (default: where it is named)'),
});

/**
 * The tasks to be moved: with `from` all that the instance has, else the named ones, each of which an instance must
 * have.
 */
const chooseTasks = (
  state: State,
  { from, to: _to, pin: _pin, ...targets }: z.infer<typeof params>,
): readonly Task[] => {
  const holder = from === undefined ? undefined : oneInstance(state, [from]).instance_id;
  const found = requireSome(selectTasks(state, targets), 'task', targets);
  const wrong = targets.id && found.find((task) => !isActive(task) || (holder ?? task.assignee) !== task.assignee);
  if (targets.id) for (const task of found) refuseRacing(state, task);
  if (wrong)
    throw wrongState({
      id: wrong.id,
      state: wrong.state,
      wants: holder === undefined ? 'nobody has it' : `${holder} does not have it`,
      hint: `To give it to somebody say "assign task ${wrong.id} to …".`,
    });
  return found.filter((task) => isActive(task) && !isRacing(task) && (holder ?? task.assignee) === task.assignee);
};

/**
 * The next instance for each task: another one with the shortest queue, tasks given here counted in; null when there is
 * none.
 */
const spreadOut = (state: State, tasks: readonly Task[]): Map<string, string | null> => {
  const load = new Map(
    presentIn(state)
      .filter((one) => one.state.kind !== 'stopping')
      .map((one) => [one.instance_id, one.task_assignments.length]),
  );
  return new Map(
    tasks.map((task) => {
      const others = [...load.keys()].filter((id) => id !== task.assignee);
      const [next] = others.toSorted((a, b) => load.get(a)! - load.get(b)! || compareIds(a, b));
      if (next !== undefined) load.set(next, load.get(next)! + 1);
      return [task.id, next ?? null];
    }),
  );
};

const moveFacts = (state: State, tasks: readonly Task[], pinned: boolean): EventDraft[] => {
  const next = spreadOut(state, tasks);
  return tasks.flatMap((task): EventDraft[] => {
    const instance = next.get(task.id) ?? null;
    const requested: EventDraft = { type: 'task.requested', data: { ids: [task.id] } };
    if (instance === null)
      throw nothingToDo({
        message: `There is no other instance that could take ${task.id}.`,
        hint: 'Launch one first, or say "stop task …" to take it away.',
      });
    const given: EventDraft = {
      type: 'task.assigned',
      data: { id: task.id, instance, pinned, reason: 'reassigned' },
    };
    return [...interruptFacts(task, `moved to ${instance}`), requested, given];
  });
};

export const reassignTask = defineCommand({
  verb: 'reassign',
  noun: 'task',
  summary: 'Move tasks to another instance; a run in progress is interrupted and its commits stay on its branch',
  example: 'reassign tasks from rehearsal-3',
  role: 'operator',
  modifiers: ['pin'],
  target: 'required',
  reads: false,
  effects: 'moves the tasks to another queue; a run in progress is interrupted, its commits stay',
  params,
  result: z.array(z.string()).describe('The tasks that were moved'),
  loss: (state, input) => interruptLoss(chooseTasks(state, input).filter((task) => task.assignee !== input.to)),
  run: async (context, input, modifiers) => {
    const pinned = modifiers.includes('pin') ? true : input.pin;
    const facts = await context.decide((state) => {
      const tasks = chooseTasks(state, input);
      return input.to === undefined
        ? moveFacts(state, tasks, pinned ?? false)
        : assignFacts(state, tasks, input.to, pinned ?? true);
    });
    const moved = facts.flatMap((fact) => (fact.type === 'task.assigned' ? [fact.data] : []));
    const message =
      moved.length === 0
        ? 'There was nothing to move.'
        : `Moved ${moved.map(({ id, instance }) => `${id} to ${instance}`).join(', ')}.`;
    return { message, data: moved.map(({ id }) => id) };
  },
});
