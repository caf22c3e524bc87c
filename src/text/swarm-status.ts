import { z } from 'zod';
import { alertSchema } from '../state/alerts.ts';
import type { State } from '../state/index.ts';
import { INSTANCE_STATES } from '../state/instances.ts';
import { swarmSchema } from '../state/swarm.ts';
import { TASK_STATES } from '../state/tasks.ts';
import { withoutRacers } from '../tasks/race.ts';
import { isUnchecked } from '../tasks/select.ts';
import { groupOf, type TaskGroup } from '../tasks/task-groups.ts';

const countWords = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

const count = z.number().int();

/** A number for each state that occurs. */
const countsOf = (states: readonly string[]) => z.partialRecord(z.enum(states), count);

/** What {@link swarmStatus} answers. */
export const swarmStatusSchema = z.object({
  instances: z.object({ total: count }).and(countsOf(INSTANCE_STATES)),
  tasks: z
    .object({
      total: count,
      given_up: count.describe('Cancelled, or archived before they were done'),
      ready: count,
      queued: count,
      held: count.describe('Held back until they are resumed'),
      merged: count,
      unchecked: count,
    })
    .and(countsOf(TASK_STATES)),
  batches: count,
  alerts: z.array(alertSchema),
  daemon: swarmSchema.shape.daemon,
  seq: count.describe('The latest event'),
});

/** Numbers of the whole swarm, or of a part of it, whose tasks may wait for others. */
export const swarmStatus = (state: State, { tasks: all }: Pick<State, 'tasks'> = state) => {
  const instances = Object.values(state.instances);
  const tasks = withoutRacers(state.tasks);
  const inGroup = (group: TaskGroup): number => tasks.filter((task) => groupOf(task, all) === group).length;
  return {
    instances: { total: instances.length, ...countWords(instances.map((one) => one.state.kind)) },
    tasks: {
      total: tasks.length,
      given_up: tasks.filter((task) => groupOf(task, all) === undefined).length,
      ...countWords(tasks.map((task) => task.state)),
      ready: inGroup('ready'),
      queued: inGroup('queued'),
      held: inGroup('held'),
      merged: tasks.filter((task) => task.batch !== null).length,
      unchecked: tasks.filter(isUnchecked).length,
    },
    batches: Object.keys(state.batches).length,
    alerts: Object.values(state.alerts),
    daemon: state.swarm.daemon,
    seq: state.seq,
  };
};

/** `2 working, 1 idle` in the order of urgency. */
export const instanceCounts = (state: State): string =>
  Object.entries(countWords(Object.values(state.instances).map((one) => one.state.kind)))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ') || 'none';
