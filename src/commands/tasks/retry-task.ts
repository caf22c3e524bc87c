import { z } from 'zod';
import { adapterFor, takesPlans } from '../../agents/index.ts';
import { saidId } from '../../protocol/say.ts';
import { alertClearingFacts, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isStaying, presentIn } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing } from '../../tasks/race.ts';
import { pinAgainFacts, pinnedBefore } from '../../tasks/retry.ts';
import { type Context, defineCommand, type Standing } from '../define.ts';
import { nothingToDo, wrongState } from '../errors.ts';
import { requireSome, selectTasks, taskParams } from '../selection.ts';
import { leftOutText } from '../git/batches.ts';
import { chooseMode, MODE_MODIFIERS, modeParam } from '../settings/mode-choice.ts';
import { awaitsHand, byHandText, heldText, pausedText, strandedAmong } from './not-begun.ts';
import { ableInstances } from './request-facts.ts';
import { refusePretender } from './run-choice.ts';

/** Whether it is a racer whose race goes on. */
const isInRace = ({ tasks }: State, { race_of }: Task): boolean =>
  race_of !== undefined && tasks[race_of] !== undefined && isRacing(tasks[race_of]);

const params = z.object({
  ...taskParams,
  mode: modeParam,
  agent: z.string().optional().describe('Only instances of this agent do it'),
  prompt: z.string().trim().min(1, 'say what you want').optional().describe('What is to be done otherwise'),
});

type Wish = { readonly mode: string | null; readonly agent: string | null; readonly text: string | undefined };

const isOtherwise = ({ mode, agent, text }: Wish): boolean => mode !== null || agent !== null || text !== undefined;

/** What the next one is told who goes on with what there is. */
const instructionText = (failure: NonNullable<Task['run']>['failure'], text: string | undefined): string =>
  [
    ...(failure ? [`It ended with ${failure.class}: ${failure.message}`] : []),
    ...(text === undefined ? [] : [text]),
    ...(failure || text !== undefined ? [] : ['Go on with it.']),
  ].join('\n\n');

const wishesIn = ({ mode, agent }: Wish) => ({
  ...(mode === null ? {} : { mode }),
  ...(agent === null ? {} : { agent }),
});

/** The fact that opens a task again: otherwise than before on the branch that there is, else from the beginning. */
const reopenFact = (state: State, id: string, wish: Wish, by: string): EventDraft => {
  const task = state.tasks[id]!;
  const run = task.run ?? task.history.at(-1);
  if (!run || !isOtherwise(wish)) return { type: 'task.reopened', data: { id, reason: 'retry' } };
  const instruction = { branch: run.branch, by, text: instructionText(run.failure, wish.text) };
  return { type: 'task.sent_back', data: { id, reason: 'retry', instruction } };
};

/** The facts that leave tasks with those that they were given to by hand, where these are there and are such as are wanted. */
const stayingFacts = (state: State, ids: readonly string[], { agent }: Wish): EventDraft[] =>
  ids.flatMap((id) => {
    const task = state.tasks[id]!;
    const one = state.instances[pinnedBefore(task) ?? ''];
    return agent !== null && one?.agent !== agent ? [] : pinAgainFacts(state, task, 'it was given to it by hand');
  });

/** Which of these tasks were given to somebody by hand who does not go on with them. */
const leftText = (state: State, tasks: readonly Task[]): string =>
  tasks
    .flatMap((task) => {
      const id = pinnedBefore(task);
      if (id === undefined || task.assignee === id) return [];
      const one = state.instances[id];
      const why =
        one === undefined
          ? 'is not there any more'
          : isStaying(one.state.kind)
            ? `runs ${one.agent}`
            : `is ${one.state.kind}`;
      return [` ${task.id} was given to ${id}, which ${why}: another one takes it.`];
    })
    .join('');

const wishOf = (
  { settings }: Pick<Context, 'settings'>,
  { mode, agent, prompt }: z.infer<typeof params>,
  modifiers: readonly string[],
): Wish => ({
  mode: chooseMode('retry task', settings, { mode, modifiers }),
  agent: agent ?? null,
  text: prompt,
});

/** What has come to nothing. */
const UNDONE: readonly Task['state'][] = ['failed', 'blocked', 'cancelled'];

const isRetriable = (state: State, task: Task): boolean =>
  [...UNDONE, 'done', 'open'].includes(task.state) && task.batch === null && (!task.archived || isInRace(state, task));

/**
 * The tasks that are meant. A named one must have ended, or not have begun; `all` and filters pass over verified work, which
 * nobody has asked to be done anew, and what has not begun.
 */
const retriedIn = (state: State, input: z.infer<typeof params>): readonly Task[] => {
  const found = requireSome(selectTasks(state, input), 'task', input);
  if (input.id === undefined) {
    const undone = found.filter((task) => UNDONE.includes(task.state) && isRetriable(state, task));
    if (undone.length > 0) return undone;
    throw nothingToDo({
      message: 'There is nothing to retry: none of them failed, is blocked or was cancelled.',
      hint: 'To do one once more that is verified, name it: retry task ID',
    });
  }
  const wrong = found.find((task) => !isRetriable(state, task));
  if (!wrong) return found;
  throw wrongState({
    id: wrong.id,
    state: wrong.archived ? 'archived' : wrong.batch ? 'merged' : wrong.state,
    wants: 'it cannot be run again now',
    hint: `Look at it: show task ${saidId(wrong.id)}`,
  });
};

/**
 * Refuses what was never run and nobody here may do, and who would be launched only pretends to, as it is refused to be run. What
 * was run by one that pretends, who may do it, is tried again by whoever comes.
 */
const refusePretended = (
  { state, settings }: Standing,
  tasks: readonly Task[],
  { agent }: Pick<Wish, 'agent'>,
): void => {
  if (tasks.some(({ attempts }) => attempts > 0)) return;
  if (ableInstances(state, tasks, { group: null, agent }).length > 0) return;
  const name = agent ?? settings.agent;
  refusePretender(state, tasks, { name, takes_plans: takesPlans(name, settings) });
};

/** Which of them begin, those that were tried before and those that never were. */
const goingText = (tasks: readonly Task[]): string => {
  const ids = (isAgain: boolean) => tasks.filter(({ attempts }) => attempts > 0 === isAgain).map(({ id }) => id);
  const [again, anew] = [ids(true), ids(false)];
  return `${again.length === 0 ? '' : ` Retrying ${again.join(', ')}.`}${anew.length === 0 ? '' : ` Running ${anew.join(', ')}.`}`;
};

export const retryTask = defineCommand({
  verb: 'retry',
  noun: 'task',
  summary:
    'Run tasks once more that failed, were blocked or cancelled, by another agent, in another mode or with another prompt if you say so, and a verified one that is not merged where you name it; the branches of earlier attempts stay',
  example: 'retry failed tasks',
  role: 'operator',
  modifiers: [...MODE_MODIFIERS],
  target: 'required',
  reads: false,
  effects:
    'opens the tasks again and queues them; with agent, mode or prompt the next attempt goes on on the branch of the last one',
  params,
  result: z.array(z.string()).describe('The tasks that run again'),
  targets: (state, input) => retriedIn(state, input).map(({ id }) => id),
  refuses: (standing, input, modifiers) => {
    const { agent } = wishOf(standing, input, modifiers);
    if (agent !== null) adapterFor(agent, standing.settings);
    refusePretended(standing, retriedIn(standing.state, input), { agent });
  },
  run: async (context, input, modifiers) => {
    const wish = wishOf(context, input, modifiers);
    if (wish.agent !== null) await context.agents.assertStartable(wish.agent, wish.mode);
    const facts = await context.decide((state) => {
      const found = retriedIn(state, input);
      refusePretended({ ...context, state }, found, wish);
      const ids = found.map((task) => task.id);
      return [
        ...ids.flatMap((id): EventDraft[] => [
          reopenFact(state, id, wish, context.actor.name),
          ...alertClearingFacts(state, id, 'tried again'),
        ]),
        { type: 'task.requested', data: { ids, ...wishesIn(wish) } },
        ...stayingFacts(state, ids, wish),
      ];
    });
    const ids = [...idsOf(facts, 'task.reopened'), ...idsOf(facts, 'task.sent_back')];
    const able = presentIn(context.store.state).filter((one) => (wish.agent ?? one.agent) === one.agent);
    const nobody = able.length === 0 ? ' No instance is there to do it: launch one.' : '';
    const tasks = ids.map((id) => context.store.state.tasks[id]!);
    const { stranded, text: strandedText } = strandedAmong(context.store.state.tasks, ids);
    const byHand = tasks.filter((task) => task.state === 'open' && awaitsHand(task, context.settings));
    const going = tasks.filter((task) => !task.held && !byHand.includes(task) && !stranded.includes(task));
    const begins = context.store.state.swarm.paused ? pausedText(going.map(({ id }) => id)) : goingText(going);
    const retrying = going.length === 0 ? '' : `${begins}${nobody}`;
    return {
      message:
        `${retrying}${leftText(context.store.state, tasks)}${byHandText(byHand, context.settings)}${heldText(tasks)}${strandedText}${leftOutText(context.store.state, ids)}`.trim(),
      data: ids,
    };
  },
});
