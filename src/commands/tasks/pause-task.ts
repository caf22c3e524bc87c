import { z } from 'zod';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { defineCommand } from '../define.ts';
import {
  type Fate,
  fateSchema,
  foretold,
  outcomeOf,
  pauseInstances,
  pauseLoss,
  pauseOf,
} from '../instances/pause-and-resume.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';

const isWaiting = (task: Task): boolean => task.state === 'open' || task.state === 'assigned';

/** The instance that runs the task, to be frozen with it. */
const runnerOf = (state: State, task: Task): Instance | undefined =>
  task.state === 'running' ? state.instances[task.run?.instance ?? ''] : undefined;

const holdFacts = (tasks: readonly Task[]): EventDraft[] =>
  tasks
    .filter((task) => isWaiting(task) && !task.held)
    .map(({ id }): EventDraft => ({ type: 'task.held', data: { id, held: true } }));

const fateOf = (task: Task, runner: Fate | undefined): Fate => {
  const { id } = task;
  if (isWaiting(task)) return { id, outcome: task.held ? 'already paused' : 'paused', why: null };
  if (runner) return { ...runner, id, why: runner.why === null ? null : `runs on ${runner.id}, which ${runner.why}` };
  return { id, outcome: 'impossible', why: `is ${task.state}; only what waits or runs can be paused` };
};

const HINT = 'See: list tasks';

/** What becomes of the tasks that are to be paused, as they stand now. */
const fatesNow = (state: State, params: Targets): readonly Fate[] =>
  requireSome(selectTasks(state, params), 'task', params).map((task) => {
    const runner = runnerOf(state, task);
    return fateOf(task, runner && pauseOf(runner));
  });

/** The tasks that are held back by that, or whose agents are frozen. */
const pausedTasks = (state: State, params: Targets): readonly Task[] =>
  fatesNow(state, params).flatMap(({ id, outcome }) => (outcome === 'paused' ? [state.tasks[id]!] : []));

export const pauseTask = defineCommand({
  verb: 'pause',
  noun: 'task',
  summary: 'Hold tasks back, so that nobody begins them; the agent of a running one is frozen',
  example: 'pause task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'keeps the tasks from starting, and freezes the instances that run them',
  params: z.object(taskParams),
  result: z.array(fateSchema),
  loss: (state, params) => {
    const tasks = pausedTasks(state, params);
    const frozen = pauseLoss(tasks.flatMap((task) => runnerOf(state, task) ?? []));
    if (frozen || tasks.length < 2) return frozen;
    const targets = tasks.map((task) => task.id);
    return {
      targets,
      loses: `This holds ${targets.length} tasks back (${targets.join(', ')}) until they are resumed.`,
    };
  },
  ...foretold<Targets>({
    fatesOf: ({ state }, params) => fatesNow(state, params),
    noun: 'task',
    hintFor: () => HINT,
  }),
  run: async (context, params) => {
    let tasks: readonly Task[] = [];
    const fates = await pauseInstances(context, {
      choose: (state) => {
        tasks = requireSome(selectTasks(state, params), 'task', params);
        return [...new Set(tasks.flatMap((task) => runnerOf(state, task) ?? []))];
      },
      also: (state) => holdFacts(selectTasks(state, params)),
    });
    const byInstance = new Map(fates.map((fate) => [fate.id, fate]));
    const all = tasks.map((task) => fateOf(task, byInstance.get(task.run?.instance ?? '')));
    return outcomeOf(all, 'task', HINT);
  },
});
