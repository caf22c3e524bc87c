import { z } from 'zod';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { defineCommand, type Standing } from '../define.ts';
import {
  type Fate,
  fateSchema,
  foretold,
  outcomeOf,
  resumeInstances,
  resumesOf,
  stillPausedText,
} from '../instances/pause-and-resume.ts';
import { requireSome, selectTasks, type Targets, taskParams } from '../selection.ts';

/** The instance that runs the task and is frozen with it. */
const heldRunner = (state: State, task: Task): Instance | undefined => {
  const one = task.state === 'running' ? state.instances[task.run?.instance ?? ''] : undefined;
  return one?.hold === null ? undefined : one;
};

const releaseFacts = (tasks: readonly Task[]): EventDraft[] =>
  tasks.filter((task) => task.held).map(({ id }): EventDraft => ({ type: 'task.held', data: { id, held: false } }));

const fateOf = (task: Task, runner: Fate | undefined): Fate => {
  const { id } = task;
  if (runner && runner.outcome !== 'resumed')
    return { id, outcome: 'impossible', why: `runs on ${runner.id}, which ${runner.why}` };
  return { id, outcome: runner || task.held ? 'resumed' : 'not paused', why: null };
};

const HINT = 'See: list tasks';

/** What becomes of the tasks that are to go on, as they stand now. */
const fatesNow = ({ state, settings }: Pick<Standing, 'state' | 'settings'>, params: Targets): readonly Fate[] => {
  const tasks = requireSome(selectTasks(state, params), 'task', params);
  const runners = [...new Set(tasks.flatMap((task) => heldRunner(state, task) ?? []))];
  const byInstance = new Map(resumesOf({ settings }, state, runners).map((fate) => [fate.id, fate]));
  return tasks.map((task) => fateOf(task, byInstance.get(task.run?.instance ?? '')));
};

export const resumeTask = defineCommand({
  verb: 'resume',
  noun: 'task',
  summary: 'Let tasks start again that were held back, and the frozen agents of running ones go on',
  example: 'resume task 3.1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'lets the tasks start again, and the instances that run them go on',
  params: z.object(taskParams),
  result: z.array(fateSchema),
  ...foretold<Targets>({ fatesOf: fatesNow, noun: 'task', hintFor: () => HINT, adds: stillPausedText }),
  run: async (context, params) => {
    let tasks: readonly Task[] = [];
    const fates = await resumeInstances(context, {
      choose: (state) => {
        tasks = requireSome(selectTasks(state, params), 'task', params);
        return [...new Set(tasks.flatMap((task) => heldRunner(state, task) ?? []))];
      },
      also: (state) => releaseFacts(selectTasks(state, params)),
    });
    const byInstance = new Map(fates.map((fate) => [fate.id, fate]));
    const all = tasks.map((task) => fateOf(task, byInstance.get(task.run?.instance ?? '')));
    const answer = outcomeOf(all, 'task', HINT);
    return { ...answer, message: `${answer.message}${stillPausedText(context.store.state)}` };
  },
});
