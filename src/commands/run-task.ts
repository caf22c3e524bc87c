import { z } from 'zod';
import type { Draft, State } from '../state/index.ts';
import { isPresent } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { isReady, waitingFor } from '../tasks/select.ts';
import { defineCommand } from './define.ts';
import { nothingToDo, wrongState } from './errors.ts';
import { idsOf, launchFacts, plural, prepareLaunch } from './launching.ts';
import { selectInstances, selectTasks, targetParams } from './selection.ts';

const params = z.object({
  ...targetParams,
  agent: z.string().optional().describe('Which agent to launch when there is none'),
  on: z.string().optional().describe('The instance that shall do it'),
  wait: z.coerce.boolean().default(false).describe('Answer only when the tasks have ended'),
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

/** The tasks that are meant: named ones must be able to start; `all` and filters take along what becomes ready. */
const chosenTasks = (state: State, input: z.infer<typeof params>): readonly Task[] => {
  if (input.id === undefined) {
    if (input.scope === 'next') return selectTasks(state, { state: ['ready'] }).slice(0, 1);
    const found = selectTasks(state, input).filter(startable);
    const ids = followers(state, new Set(found.map((task) => task.id)));
    return Object.values(state.tasks).filter((task) => ids.has(task.id));
  }
  const named = selectTasks(state, input);
  const ids = new Set(named.map((task) => task.id));
  for (const task of named) {
    if (!startable(task))
      throw wrongState({
        id: task.id,
        state: task.state,
        wants: 'only an open, failed or blocked task can be run',
        hint: 'To do it once more say "retry task" first.',
      });
    const missing = waitingFor(task, state.tasks).filter((id) => !ids.has(id) && !state.tasks[id]?.requested);
    if (missing.length > 0)
      throw wrongState({
        id: task.id,
        state: 'blocked',
        wants: `it waits for ${missing.join(', ')}`,
        hint: `Say "run tasks ${[...missing, task.id].join(', ')}" to run what it needs as well.`,
      });
  }
  return named;
};

const requestFacts = (state: State, tasks: readonly Task[], on: string | undefined): Draft[] => {
  const reopened: Draft[] = tasks
    .filter((task) => task.state !== 'open')
    .map((task) => ({ type: 'task.reopened', data: { id: task.id, reason: 'run again' } }));
  const requested: Draft = { type: 'task.requested', data: { ids: tasks.map((task) => task.id) } };
  if (on === undefined) return [...reopened, requested];
  const [instance] = selectInstances(state, { id: [on] });
  const assigned = tasks.map(
    (task): Draft => ({
      type: 'task.assigned',
      data: { id: task.id, instance: instance!.instance_id, pinned: true, reason: 'by hand' },
    }),
  );
  return [...reopened, requested, ...assigned];
};

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
    const none = Object.values(context.store.state.instances).every((one) => !isPresent(one.state.kind));
    const agent = input.agent ?? context.settings.agent;
    const prepared = none && input.on === undefined ? await prepareLaunch(context, agent) : undefined;
    const facts = await context.decide((state) => [
      ...(prepared ? launchFacts(context, state, prepared, 1) : []),
      ...requestFacts(state, chosenTasks(state, input), input.on),
    ]);
    const launched = idsOf(facts);
    const ids = before.map((task) => task.id);
    const now = before.filter((task) => isReady({ ...task, state: 'open' }, context.store.state.tasks)).length;
    const later = ids.length - now;
    const message = `${plural(now, 'task')} ${now === 1 ? 'is' : 'are'} ready and handed out${later > 0 ? `, ${later} follow${later === 1 ? 's' : ''} as prerequisites finish` : ''}${launched.length > 0 ? `; launched ${launched.join(', ')}` : ''}.`;
    if (!input.wait)
      return { message, data: { tasks: ids, launched }, sideEffects: launched.map((id) => `launch ${id}`) };
    const ended = (task: Task | undefined) => !task || ['done', 'failed', 'blocked', 'cancelled'].includes(task.state);
    const state = await context.store.until((now) => ids.every((id) => ended(now.tasks[id])), context.signal);
    const failed = ids.filter((id) => state.tasks[id]?.state !== 'done');
    const data = { tasks: ids, failed, launched };
    return failed.length === 0
      ? { message: `${plural(ids.length, 'task')} done.`, data }
      : { message: `${failed.join(', ')} did not get done.`, data, exit: 1 };
  },
});
