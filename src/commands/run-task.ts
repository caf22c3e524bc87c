import { z } from 'zod';
import { saidId } from '../protocol/say.ts';
import type { Draft, State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import { isReady, waitingFor } from '../tasks/select.ts';
import { assignFacts } from './assigning.ts';
import { type Context, defineCommand, type Outcome } from './define.ts';
import { nothingToDo, wrongState } from './errors.ts';
import { alertsCleared, dataOf } from './facts.ts';
import { launchFacts, prepareLaunch, presentIn } from './launching.ts';
import { flagParam, selectTasks, taskParams } from './selection.ts';
import { plural } from './wording.ts';

const params = z.object({
  ...taskParams,
  agent: z.string().optional().describe('Which agent to launch when there is none'),
  on: z.string().optional().describe('The instance that shall do it'),
  wait: flagParam.default(false).describe('Answer only when the tasks have ended'),
});

const startable = (task: Task): boolean => ['open', 'failed', 'blocked'].includes(task.state);

/** Open tasks that need nothing but these and what is done or on its way: they follow by themselves. */
const followers = (state: State, chosen: ReadonlySet<string>): Set<string> => {
  const reached = new Set(chosen);
  const moving = (id: string) =>
    reached.has(id) || ['done', 'assigned', 'running', 'verifying'].includes(state.tasks[id]?.state ?? '');
  for (let grown = true; grown; ) {
    const more = Object.values(state.tasks).filter(
      (task) => task.state === 'open' && !reached.has(task.id) && task.dependencies.every(moving),
    );
    for (const task of more) reached.add(task.id);
    grown = more.length > 0;
  }
  return reached;
};

/** Refuses a task that is named and could not start: what it waits for is neither named nor asked for. */
const checkStartable = (state: State, task: Task, ids: ReadonlySet<string>): void => {
  if (!startable(task))
    throw wrongState({
      id: task.id,
      state: task.state,
      wants: 'only an open, failed or blocked task can be run',
      hint: 'To do it once more say "retry task" first.',
    });
  const missing = waitingFor(task, state.tasks).filter((id) => {
    const before = state.tasks[id];
    return !ids.has(id) && !before?.requested && !['assigned', 'running', 'verifying'].includes(before?.state ?? '');
  });
  if (missing.length > 0)
    throw wrongState({
      id: task.id,
      state: 'blocked',
      wants: `it waits for ${missing.join(', ')}`,
      hint: `Say "run tasks ${[...missing, task.id].map(saidId).join(', ')}" to run what it needs as well.`,
    });
};

/** The tasks that are meant: named ones must be able to start; `all` and filters take along what becomes ready. */
const chosenTasks = (state: State, input: z.infer<typeof params>): readonly Task[] => {
  const found = selectTasks(state, input);
  if (input.id !== undefined) {
    const ids = new Set(found.map((task) => task.id));
    for (const task of found) checkStartable(state, task, ids);
    return found;
  }
  const able = found.filter(startable);
  if (input.scope === 'next' || input.scope === 'last') return able;
  const ids = followers(state, new Set(able.map((task) => task.id)));
  const except = new Set(input.except);
  return selectTasks(state, {}).filter((task) => ids.has(task.id) && !except.has(task.id));
};

const requestFacts = (state: State, tasks: readonly Task[], on: string | undefined): Draft[] => {
  const reopened = tasks
    .filter((task) => task.state !== 'open')
    .flatMap(({ id }): Draft[] => [
      { type: 'task.reopened', data: { id, reason: 'run again' } },
      ...alertsCleared(state, id, 'run again'),
    ]);
  const requested: Draft = { type: 'task.requested', data: { ids: tasks.map((task) => task.id) } };
  return [...reopened, requested, ...(on === undefined ? [] : assignFacts(state, tasks, on))];
};

/** Whether a task will not go on by itself: it has ended, or waits for one that will not be done, or for nobody. */
const hasEnded = (state: State, id: string): boolean => {
  const task = state.tasks[id];
  if (!task || ['done', 'failed', 'blocked', 'cancelled'].includes(task.state)) return true;
  if (task.state === 'verifying') return false;
  if (presentIn(state).length === 0) return true;
  if (task.state !== 'open') return false;
  return !task.requested || waitingFor(task, state.tasks).some((before) => hasEnded(state, before));
};

const waitFor = async (context: Context, ids: readonly string[], launched: readonly string[]): Promise<Outcome> => {
  const state = await context.store.until((now) => ids.every((id) => hasEnded(now, id)), context.signal);
  const failed = ids.filter((id) => state.tasks[id]?.state !== 'done');
  const data = { tasks: ids, failed, launched };
  return failed.length === 0
    ? { message: `${plural(ids.length, 'task')} done.`, data }
    : { message: `${failed.join(', ')} did not get done.`, data, exit: 1 };
};

const handedOut = (now: number, later: number, launched: readonly string[]): string =>
  `${plural(now, 'task')} ${now === 1 ? 'is' : 'are'} ready and handed out${later > 0 ? `, ${later} follow${later === 1 ? 's' : ''} as prerequisites finish` : ''}${launched.length > 0 ? `; launched ${launched.join(', ')}` : ''}.`;

export const runTask = defineCommand({
  verb: 'run',
  noun: 'task',
  summary: 'Hand tasks out as their dependencies allow; what becomes ready meanwhile follows',
  example: 'run all ready tasks',
  role: 'operator',
  modifiers: ['parallel'],
  later: {
    modifiers: ['beast-mode', 'safe-mode', 'review-mode', 'tdd-mode', 'sequential', 'fresh'],
    parameters: ['mode', 'group'],
  },
  target: 'required',
  reads: false,
  params,
  run: async (context, input) => {
    const before = chosenTasks(context.store.state, input);
    if (before.length === 0)
      throw nothingToDo({
        message: 'No task can be run: none is open.',
        hint: 'Import a plan with "import spec PATH", or look at "list tasks".',
      });
    if (input.agent !== undefined) context.agents.known(input.agent);
    const none = presentIn(context.store.state).length === 0;
    const agent = input.agent ?? context.settings.agent;
    const prepared = none && input.on === undefined ? await prepareLaunch(context, agent) : undefined;
    const facts = await context.decide((state) => [
      ...(prepared ? launchFacts(context, state, prepared, 1) : []),
      ...requestFacts(state, chosenTasks(state, input), input.on),
    ]);
    const launched = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
    const ids = dataOf(facts, 'task.requested')[0]!.ids;
    if (input.wait) return waitFor(context, ids, launched);
    const { tasks } = context.store.state;
    const now = ids.filter((id) => tasks[id] && isReady({ ...tasks[id], state: 'open' }, tasks)).length;
    return {
      message: handedOut(now, ids.length - now, launched),
      data: { tasks: ids, launched },
      sideEffects: launched.map((id) => `launch ${id}`),
    };
  },
});
