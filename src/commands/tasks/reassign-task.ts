import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { othersFor } from '../../tasks/may-do.ts';
import { isRacing } from '../../tasks/race.ts';
import { compareIds } from '../../tasks/spec/number.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { refuseRacing } from '../races/racing-task.ts';
import { flagParam, oneInstance, requireSome, selectTasks, taskParams } from '../selection.ts';
import { isActive } from '../../tasks/startable.ts';
import { assignFacts, interruptFacts, interruptLoss, isAtWork } from './assign-facts.ts';

const params = z.object({
  ...taskParams,
  from: z.string().optional().describe('The instance to take them from'),
  to: z
    .string()
    .optional()
    .describe('The instance to give them to; the shortest queue of those that may do them when it is not said'),
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
      hint: `To give it to somebody: assign task ${saidId(wrong.id)} to …`,
    });
  return found.filter((task) => isActive(task) && !isRacing(task) && (holder ?? task.assignee) === task.assignee);
};

/**
 * The next instance for each task: of the others that may do it the one with the shortest queue, tasks given here counted
 * in; a task for which there is none is left out.
 */
const spreadOut = (state: State, tasks: readonly Task[]): Map<string, string> => {
  const given = new Map<string, number>();
  const load = ({ instance_id, task_assignments }: Instance): number =>
    task_assignments.length + (given.get(instance_id) ?? 0);
  const next = new Map<string, string>();
  for (const task of tasks) {
    const [least] = othersFor(task, state).toSorted(
      (a, b) => load(a) - load(b) || compareIds(a.instance_id, b.instance_id),
    );
    if (!least) continue;
    given.set(least.instance_id, (given.get(least.instance_id) ?? 0) + 1);
    next.set(task.id, least.instance_id);
  }
  return next;
};

const moveFacts = (state: State, tasks: readonly Task[], pinned: boolean): EventDraft[] => {
  const next = spreadOut(state, tasks);
  if (next.size === 0 && tasks.length > 0)
    throw nothingToDo({
      message: `There is no other instance that could take ${tasks.map(({ id }) => id).join(', ')}.`,
      hint: 'Launch one that may do it first, or say "stop task …" to take it away.',
    });
  return tasks.flatMap((task): EventDraft[] => {
    const instance = next.get(task.id);
    if (instance === undefined) return [];
    const requested: EventDraft = { type: 'task.requested', data: { ids: [task.id] } };
    const given: EventDraft = {
      type: 'task.assigned',
      data: { id: task.id, instance, pinned, reason: 'reassigned' },
    };
    return [...interruptFacts(task, `moved to ${instance}`), requested, given];
  });
};

/** The facts that move tasks; with `to` to this instance, else each to the next one that may do it. */
const factsFor = (
  state: State,
  tasks: readonly Task[],
  { to, pin }: Pick<z.infer<typeof params>, 'to' | 'pin'>,
  modifiers: readonly string[],
): EventDraft[] => {
  const pinned = modifiers.includes('pin') ? true : pin;
  return to === undefined ? moveFacts(state, tasks, pinned ?? false) : assignFacts(state, tasks, to, pinned ?? true);
};

/** The tasks that are moved: not those that the instance which is said is at, but those that wait for it, which are its own then. */
const movedTasks = (state: State, input: z.infer<typeof params>): readonly Task[] => {
  const tasks = chooseTasks(state, input);
  if (input.to !== undefined) return tasks.filter((task) => !(isAtWork(task) && task.assignee === input.to));
  const next = spreadOut(state, tasks);
  return tasks.filter(({ id }) => next.has(id));
};

const NOTHING = 'There is nothing to move.';

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
  loss: (state, input) => interruptLoss(movedTasks(state, input)),
  refuses: ({ state }, input, modifiers) => void factsFor(state, chooseTasks(state, input), input, modifiers),
  targets: (state, input) => movedTasks(state, input).map(({ id }) => id),
  nothing: NOTHING,
  run: async (context, input, modifiers) => {
    let chosen: readonly Task[] = [];
    const facts = await context.decide((state) => {
      chosen = chooseTasks(state, input);
      return factsFor(state, chosen, input, modifiers);
    });
    const moved = dataOf(facts, 'task.assigned');
    const ids = new Set(moved.map(({ id }) => id));
    const left = input.to === undefined ? chosen.filter(({ id }) => !ids.has(id)).map(({ id }) => id) : [];
    const stays = left.length === 0 ? '' : ` No other instance may do ${left.join(', ')}: not moved.`;
    const message =
      moved.length === 0
        ? NOTHING
        : `Moved ${moved.map(({ id, instance }) => `${id} to ${instance}`).join(', ')}.${stays}`;
    return { message, data: moved.map(({ id }) => id) };
  },
});
