import { z } from 'zod';
import { takesPlans } from '../../agents/index.ts';
import { valuesOf } from '../../lib/records.ts';
import { saidId, saidIds } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { costsInstances } from '../../tasks/lost-after.ts';
import { isPretence } from '../../tasks/may-do.ts';
import { isReady, waitingFor } from '../../tasks/select.ts';
import { comingIn, isActive, isStartable } from '../../tasks/startable.ts';
import { behindGivenUp } from '../../tasks/stranded.ts';
import type { Context, Standing } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { checkInstalled, checkLaunchable, checkLimit } from '../instances/launch-facts.ts';
import { flagParam, selectTasks, taskParams } from '../selection.ts';
import { chooseMode, modeParam } from '../settings/mode-choice.ts';
import { assertRealWorker, assignFacts } from './assign-facts.ts';
import { ableInstances, checkWish, type Wish } from './request-facts.ts';
import { leftAloneText, named } from './not-begun.ts';
import { redoHint, runWithNeededHint } from './run-hints.ts';

/** What can be said about how tasks are run. */
export const runParams = z.object({
  ...taskParams,
  mode: modeParam,
  agent: z.string().optional().describe('Only instances of this agent do it; launched when there is none'),
  group: z.string().optional().describe('Only instances of this group do it; launched when it is empty'),
  on: z.string().optional().describe('The instance that shall do it'),
  wait: flagParam.default(false).describe('Answer only when the tasks have ended'),
});

/**
 * The chosen tasks with those open ones that follow by themselves: all their prerequisites are chosen, done or on their
 * way.
 */
const followers = (state: State, chosen: ReadonlySet<string>): Set<string> => {
  const reached = new Set(chosen);
  const moving = (id: string) =>
    reached.has(id) || ['done', 'assigned', 'running', 'verifying'].includes(state.tasks[id]?.state ?? '');
  for (let grown = true; grown; ) {
    const more = valuesOf(state.tasks).filter(
      (task) => task.state === 'open' && !reached.has(task.id) && prerequisitesOf(task, state.tasks).every(moving),
    );
    for (const task of more) reached.add(task.id);
    grown = more.length > 0;
  }
  return reached;
};

/** Refuses a named task that could not start, because its prerequisites are neither named nor asked for. */
const checkStartable = (
  state: State,
  task: Task,
  named: readonly Task[],
  { mode, agent, group, on, wait }: z.infer<typeof runParams>,
): void => {
  if (!isStartable(task))
    throw wrongState({
      id: task.id,
      state: task.archived ? 'archived' : task.state,
      wants: 'only an open, failed or blocked task can be run',
      hint: redoHint(task),
    });
  const ids = new Set(named.map(({ id }) => id));
  const isComing = comingIn(state);
  const missing = waitingFor(task, state.tasks).filter((id) => !ids.has(id) && !isComing(id));
  if (missing.length > 0)
    throw wrongState({
      id: task.id,
      state: 'blocked',
      wants: `it waits for ${missing.join(', ')}`,
      hint: runWithNeededHint(state, named, {
        ...(mode === undefined ? {} : { mode }),
        ...(agent === undefined ? {} : { agent }),
        ...(group === undefined ? {} : { group }),
        ...(on === undefined ? {} : { on }),
        ...(wait ? { wait } : {}),
      }),
    });
};

/** The tasks that are meant: named ones must be able to start; `all` and filters take along what becomes ready. */
export const chooseTasks = (state: State, input: z.infer<typeof runParams>): readonly Task[] => {
  const found = selectTasks(state, input);
  if (input.id !== undefined) {
    for (const task of found) checkStartable(state, task, found, input);
    return found;
  }
  const able = found.filter((task) => isStartable(task) && !costsInstances(state, task));
  if (able.length === 0 || input.scope === 'next' || input.scope === 'last') return able;
  const ids = followers(state, new Set(able.map((task) => task.id)));
  const except = new Set(input.except);
  return selectTasks(state, {}).filter((task) => ids.has(task.id) && !except.has(task.id));
};

/** Those of the tasks that somebody is at already, or has been given; of what is named it is refused. */
export const underWayAmong = (state: State, input: z.infer<typeof runParams>): readonly Task[] =>
  input.id !== undefined || input.scope === 'next' || input.scope === 'last'
    ? []
    : selectTasks(state, input).filter(isActive);

/** Those of the tasks that are left out unless they are named, because one instance after the other was lost to them. */
export const leftAlone = (state: State, input: z.infer<typeof runParams>): readonly Task[] =>
  input.id === undefined
    ? selectTasks(state, input).filter((task) => isStartable(task) && costsInstances(state, task))
    : [];

/** Whether these wishes leave it to the planner who does the tasks. */
export const isForPlanner = ({ on, sequential }: Wish): boolean => on === undefined && !sequential;

/** Refuses to wait for tasks where no task starts, so that nothing would end. */
const checkWaitable = ({ swarm }: State, { plan: { strategy } }: Context['settings'], wish: Wish): void => {
  if (strategy === 'manual' && isForPlanner(wish))
    throw wrongState({
      id: 'plan.strategy',
      state: 'manual',
      wants: 'no task starts by itself, so there is nothing to wait for',
      hint: 'Say who shall do them with on=…, or leave out wait and say "assign task … to …".',
    });
  if (swarm.paused)
    throw wrongState({
      id: 'The swarm',
      state: 'paused',
      wants: 'no task starts, so there is nothing to wait for',
      hint: 'Say "resume swarm" first, or leave out wait: then the tasks start when it is resumed.',
    });
};

export const wishOf = (
  { settings }: Pick<Context, 'settings'>,
  input: z.infer<typeof runParams>,
  modifiers: readonly string[],
): Wish => ({
  mode: chooseMode('run task', settings, { mode: input.mode, modifiers }),
  fresh: modifiers.includes('fresh'),
  sequential: modifiers.includes('sequential'),
  group: input.group ?? null,
  agent: input.agent ?? null,
  on: input.on,
});

/** The agent of those that are launched where no instance could do the tasks. */
export const newcomerAgent = ({ settings }: Pick<Context, 'settings'>, { agent }: Wish): string =>
  agent ?? settings.agent;

/** Refuses to launch an agent that would only pretend to do any of the tasks. */
export const refusePretender = (
  state: State,
  chosen: readonly Task[],
  newcomer: Parameters<typeof assertRealWorker>[2],
): void => {
  if (chosen.every((task) => isPretence(task, newcomer))) assertRealWorker(state, chosen, newcomer);
};

/** Those of the tasks that begin some day: they are not held back, and wait for nothing that was given up. */
export const beginning = ({ tasks }: State, chosen: readonly Task[]): readonly Task[] => {
  const never = behindGivenUp(tasks);
  return chosen.filter((task) => !task.held && !never.has(task.id));
};

/** Whether somebody has to be launched: nobody is there for the tasks, and some of them begin some day. */
export const takesLaunch = (state: State, chosen: readonly Task[], wish: Wish): boolean =>
  wish.on === undefined && ableInstances(state, chosen, wish).length === 0 && beginning(state, chosen).length > 0;

/** Why nothing is run where all that could be is held back. */
const allHeld = (tasks: readonly Task[]) => {
  const [noun, is, them] = tasks.length === 1 ? ['task', 'is', 'it'] : ['tasks', 'are', 'them'];
  return nothingToDo({
    message: `No task can be run: ${named(tasks)} ${is} held back.`,
    hint: `To let ${them} begin, say: resume ${noun} ${saidIds(tasks.map(({ id }) => id))}`,
  });
};

/** Why nothing is run where no task is there that could be. */
const noneToRun = (state: State, input: z.infer<typeof runParams>) => {
  const held = selectTasks(state, {}).filter((task) => task.held && isReady(task, state.tasks));
  if (input.id === undefined && held.length > 0) return allHeld(held);
  const alone = leftAlone(state, input);
  if (alone.length > 0)
    return nothingToDo({
      message: `No task can be run.${leftAloneText(state, alone)}`,
      hint: `Look at the first: show task ${saidId(alone[0]!.id)}`,
    });
  const underWay = underWayAmong(state, input);
  if (underWay.length > 0)
    return nothingToDo({
      message: `No task is left to run: ${named(underWay)} ${underWay.length === 1 ? 'is' : 'are'} under way already.`,
      hint: 'To wait until they have ended, add "and wait".',
    });
  return nothingToDo({
    message: 'No task can be run: none is open.',
    hint: 'Import a plan with "import spec PATH", or look at "list tasks".',
  });
};

/** The tasks to run, as far as the state and the settings allow it. With `wait` there may be none but those under way. */
export const runnable = (
  { state, settings }: Standing,
  input: z.infer<typeof runParams>,
  modifiers: readonly string[],
) => {
  const wish = wishOf({ settings }, input, modifiers);
  const waits = input.wait || modifiers.includes('wait');
  const chosen = chooseTasks(state, input);
  if (chosen.length === 0) {
    if (!waits || underWayAmong(state, input).length === 0) throw noneToRun(state, input);
    return { wish, waits, chosen };
  }
  // What is named is asked for all the same, to begin when it is let go.
  if (input.id === undefined && chosen.every(({ held }) => held)) throw allHeld(chosen);
  if (waits) checkWaitable(state, settings, wish);
  checkWish(state, wish);
  return { wish, waits, chosen };
};

/** What is refused where the tasks are handed out, as far as the state and the settings tell it. */
export const refuseRun = (standing: Standing, input: z.infer<typeof runParams>, modifiers: readonly string[]): void => {
  const { state, settings } = standing;
  const { wish, chosen } = runnable(standing, input, modifiers);
  if (wish.agent !== null) checkInstalled(standing, wish.agent);
  if (wish.on !== undefined) assignFacts(state, chosen, wish.on);
  if (!takesLaunch(state, chosen, wish)) return;
  const name = newcomerAgent(standing, wish);
  checkLaunchable(standing, name);
  refusePretender(state, chosen, { name, takes_plans: takesPlans(name, settings) });
  checkLimit(standing, state, 1);
};
