import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { saidIds } from '../../protocol/say.ts';
import { alertClearingFacts, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing, raceEndFacts } from '../../tasks/race.ts';
import { compareIds } from '../../tasks/spec/number.ts';
import { isGivenUp, withFollowers } from '../../tasks/stranded.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';
import { leftOutText } from '../git/batches.ts';
import { interruptFacts, isAtWork } from './assign-facts.ts';
import { MOST_NAMED, named } from './not-begun.ts';

/**
 * The tasks to be cancelled: neither done nor cancelled yet. A named task that is either is an error; filters pass over
 * it.
 */
const chooseTasks = (state: State, targets: Targets): readonly Task[] => {
  const found = requireSome(selectTasks(state, targets), 'task', targets);
  const wrong = targets.id && found.find((task) => task.state === 'done' || task.state === 'cancelled');
  if (wrong)
    throw wrongState({
      id: wrong.id,
      state: wrong.state,
      wants: 'there is nothing to cancel',
      hint: 'To archive it say "archive task …".',
    });
  return found.filter((task) => task.state !== 'done' && task.state !== 'cancelled');
};

/** Tasks that will never start, because they wait for one of these, however far back. */
const strandedBy = ({ tasks }: State, ids: readonly string[]): readonly Task[] => {
  const given = new Set(ids);
  const behind = withFollowers(
    ids.flatMap((id) => tasks[id] ?? []),
    tasks,
  );
  return valuesOf(tasks)
    .filter((task) => behind.has(task.id) && !given.has(task.id) && !isGivenUp(task))
    .toSorted((a, b) => compareIds(a.id, b.id));
};

const strandedText = (stranded: readonly Task[], would: string): string => {
  if (stranded.length === 0) return '';
  const they = stranded.length === 1 ? 'it is' : 'they are';
  return ` ${named(stranded)} ${would} wait for ever, unless ${they} given other prerequisites (deps=) or cancelled too.`;
};

/** How what was given up is done after all. */
const wayBack = (ids: readonly string[]): string =>
  ids.length === 0
    ? ''
    : ids.length > MOST_NAMED
      ? ' To have one done after all, say "retry task ID".'
      : ` To have ${ids.length === 1 ? 'it' : 'them'} done after all, say: retry ${ids.length === 1 ? 'task' : 'tasks'} ${saidIds(ids)}`;

const NOTHING = 'There is nothing to cancel.';

export const cancelTask = defineCommand({
  verb: 'cancel',
  noun: 'task',
  summary: 'Give tasks up: they are not done any more, and stay in the plan as cancelled',
  example: 'cancel task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'marks the tasks as cancelled; a run in progress is interrupted, its branch stays',
  params: z.object(taskParams),
  result: z.object({
    tasks: z.array(z.string()).describe('What was given up'),
    stranded: z.array(z.string()).describe('What waits for one of them, however far back, and so never starts'),
  }),
  loss: (state, params) => {
    const tasks = chooseTasks(state, params);
    const targets = tasks.map((task) => task.id);
    const runs = tasks.filter((task) => isAtWork(task) || isRacing(task)).map((task) => task.id);
    if (runs.length === 0 && targets.length < 2) return undefined;
    const work = runs.length === 0 ? '' : `, and interrupts ${plural(runs.length, 'run')} (${runs.join(', ')})`;
    return {
      targets,
      loses: `This cancels ${plural(targets.length, 'task')} (${targets.join(', ')})${work}; what is committed stays on the branches.${strandedText(strandedBy(state, targets), 'would')}`,
    };
  },
  targets: (state, params) => chooseTasks(state, params).map(({ id }) => id),
  nothing: NOTHING,
  run: async (context, params) => {
    const facts = await context.decide((state) =>
      chooseTasks(state, params).flatMap((task): EventDraft[] => [
        ...(isRacing(task) ? raceEndFacts(state, task, { winner: null, reason: 'cancelled' }) : []),
        ...interruptFacts(task, 'cancelled'),
        { type: 'task.cancelled', data: { id: task.id } },
        ...alertClearingFacts(state, task.id, 'cancelled'),
      ]),
    );
    const ids = idsOf(facts, 'task.cancelled');
    const stranded = strandedBy(context.store.state, ids);
    const message = ids.length === 0 ? NOTHING : `Cancelled ${ids.join(', ')}.`;
    return {
      message: `${message}${strandedText(stranded, 'will')}${leftOutText(context.store.state, ids)}${wayBack(ids)}`,
      data: { tasks: ids, stranded: stranded.map(({ id }) => id) },
    };
  },
});
