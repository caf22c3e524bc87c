import { counted, someOf } from '../../lib/names.ts';
import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { besideOneAnother } from '../../tasks/claims.ts';
import { isPretence, trialCommand } from '../../tasks/may-do.ts';
import { plan } from '../../tasks/plan.ts';
import { retriesIn } from '../../tasks/retry.ts';
import { isReady } from '../../tasks/select.ts';
import { plural } from '../../text/wording.ts';
import { type AgentAccess, type Context, defineCommand, type Outcome, type Recording } from '../define.ts';
import { launchFacts, placesLeft, prepareLaunch } from '../instances/launch-facts.ts';
import { MODE_MODIFIERS } from '../settings/mode-choice.ts';
import { againText, foretoldRun } from './foretold-run.ts';
import { foretoldTaker } from './foretold-taker.ts';
import { awaitsHand, byHandText, claimedText, heldAmong, heldText, leftAloneText, strandedAmong } from './not-begun.ts';
import { ableInstances, endedIn, requestFacts, type Wish } from './request-facts.ts';
import {
  beginning,
  chooseTasks,
  isForPlanner,
  leftAlone,
  newcomerAgent,
  refusePretender,
  refuseRun,
  runnable,
  runParams,
  takesLaunch,
  underWayAmong,
  wishOf,
} from './run-choice.ts';
import { undoneOnes } from './undone.ts';

const waitFor = async (
  context: Recording & Pick<Context, 'settings'>,
  ids: readonly string[],
  launched: readonly string[],
): Promise<Outcome> => {
  const ended = (now: State): boolean => ids.every(endedIn(now, retriesIn(context.settings)));
  const state = await context.store.until(ended, context.signal);
  const failed = ids.filter((id) => state.tasks[id]?.state !== 'done');
  if (failed.length === 0)
    return { message: `${plural(ids.length, 'task')} done.`, data: { tasks: ids, failed, launched } };
  const { reasons } = undoneOnes(state, failed);
  // What holds them back is told once, with the command that lets them go.
  const isFree = (id: string): boolean => heldAmong(state.tasks, [id]).length === 0;
  const { text, hint } = undoneOnes(state, failed.filter(isFree));
  const why = `${heldText(heldAmong(state.tasks, failed))}${text === '' ? '' : ` ${text}`}`;
  return {
    message: `${failed.join(', ')} did not get done.${why}`,
    data: { tasks: ids, failed, launched, reasons },
    exit: 1,
    ...(hint === undefined ? {} : { hint }),
  };
};

type HandedOut = {
  /** Tasks that begin at once, those that begin when an instance is free, and those that follow others. */
  readonly starting: number;
  readonly queued: number;
  readonly later: number;
  /** What to do about tasks that none of the instances gets; empty where there are none. */
  readonly left: string;
  /** Which of them were tried before. */
  readonly again: string;
  readonly launched: readonly string[];
  readonly wish: Wish;
  readonly paused: boolean;
};

const startText = (starting: number, queued: number): string => {
  const begins = `${plural(starting, 'task')} ${starting === 1 ? 'starts' : 'start'}`;
  if (queued === 0) return begins;
  return starting === 0 ? `${plural(queued, 'task')} queued` : `${begins}, ${queued} queued`;
};

const handedOutText = ({ starting, queued, later, left, again, launched, wish, paused }: HandedOut): string => {
  const how = `${again}${wish.mode === null ? '' : ` in ${wish.mode} mode`}${wish.sequential ? ', one after the other' : ''}`;
  const follow = later > 0 ? `, ${later} follow${later === 1 ? 's' : ''} as prerequisites finish` : '';
  const made = launched.length > 0 ? `; launched ${launched.join(', ')}` : '';
  if (starting + queued === 0 && left !== '')
    return `${launched.length > 0 ? `Launched ${launched.join(', ')}. ` : ''}${left.trim()}`;
  if (paused)
    return `The swarm is paused: after "resume swarm" ${startText(starting + queued, 0)}${how}${follow}${made}.${left}`;
  return `${startText(starting, queued)}${how}${follow}${made}.${left}`;
};

/** Of what was imported and only agents which pretend are here for, so that it waits. */
const leftText = ({ specs }: Pick<State, 'specs'>, tasks: readonly Task[]): string => {
  if (tasks.length === 0) return '';
  const plan = tasks.find(({ spec }) => spec !== null)?.spec ?? null;
  const which = plan === null ? 'imported task' : 'task';
  const many = `${counted(tasks.length, which)}${plan === null ? '' : ' of a plan'} ${tasks.length === 1 ? 'waits' : 'wait'}`;
  const trial = plan === null ? '.' : `, or try the plan in a copy: ${trialCommand(specs, plan)}`;
  return ` ${many} for an agent that does real work: launch one with agent=…${trial}`;
};

/** What becomes of the tasks that can be begun now, by the instances that there are and those that were launched. */
const prospects = (
  state: State,
  ready: readonly Task[],
  wish: Wish,
  launched: readonly Pick<Instance, 'takes_plans'>[],
): Pick<HandedOut, 'starting' | 'queued' | 'left'> => {
  const able = ableInstances(state, ready, wish);
  const workers = [...able, ...launched];
  const idle = ready.filter((task) => workers.length > 0 && workers.every((one) => isPretence(task, one)));
  const doable = ready.filter((task) => !idle.includes(task));
  const isOne = wish.sequential || wish.on !== undefined;
  const free = able.filter((one) => one.state.kind === 'idle' && one.hold === null).length + launched.length;
  const starting = Math.min(besideOneAnother(doable, state).length, isOne ? Math.min(1, free) : free);
  const left = `${leftText(state, idle)}${claimedText(state, doable)}`;
  return { starting, queued: doable.length - starting, left };
};

const MOST_NAMED = 5;

/** Which of these tasks begin on an agent that is not the usual one, where nobody said who shall do them. */
const elsewhereText = (
  { settings, store, now }: Context,
  ready: readonly Task[],
  { agent, on, group }: Wish,
): string => {
  if (agent !== null || on !== undefined || group !== null) return '';
  const { state } = store;
  const usual = settings.agent;
  // A plan of thousands of tasks is not made for an answer that can only be empty.
  if (Object.values(state.instances).every((one) => one.agent === usual)) return '';
  const planned = new Map(
    plan(state, { now: now(), order: settings.plan.strategy, agent: usual }).flatMap((action) =>
      action.kind === 'assign' ? [[action.task, action.instance]] : [],
    ),
  );
  const placed = ready.flatMap(({ id }) => {
    const one = state.instances[state.tasks[id]?.assignee ?? planned.get(id) ?? ''];
    return one && one.agent !== usual ? [`${id} on ${one.instance_id} (${one.agent})`] : [];
  });
  return placed.length === 0 ? '' : ` Not by ${usual}: ${someOf(placed, MOST_NAMED)}.`;
};

/**
 * Checks that the agents concerned start in the mode; resolves with what a launch needs when no instance could do the
 * tasks.
 */
const prepare = async (
  context: AgentAccess & Pick<Context, 'git' | 'paths' | 'settings' | 'store'>,
  chosen: readonly Task[],
  wish: Wish,
) => {
  const { state } = context.store;
  const there = wish.on === undefined ? ableInstances(state, chosen, wish) : [state.instances[wish.on]!];
  const agents = wish.agent === null ? there.map((one) => one.agent) : [wish.agent];
  if (wish.mode !== null || wish.agent !== null)
    for (const agent of new Set(agents)) await context.agents.assertStartable(agent, wish.mode);
  if (!takesLaunch(state, chosen, wish)) return undefined;
  const prepared = await prepareLaunch(context, newcomerAgent(context, wish), wish.mode);
  refusePretender(state, chosen, { ...prepared, name: prepared.agent });
  // The mode is that of these tasks; later tasks of the new instance are done without one.
  return { ...prepared, launch_mode: null, ...(wish.group === null ? {} : { group: wish.group }) };
};

/** The tasks that are asked for: those that are held back only where they are named. */
const askedFor = (state: State, input: z.infer<typeof runParams>): readonly Task[] =>
  chooseTasks(state, input).filter(({ held }) => !held || input.id !== undefined);

/** How many instances are launched for tasks that no instance could do; a row of tasks takes one. */
const newcomerCount = (context: Context, tasks: readonly Task[], { sequential }: Wish): number => {
  const { settings, store } = context;
  const places = placesLeft(context, store.state);
  return sequential ? 1 : Math.max(1, Math.min(settings.launch.count, tasks.length, places));
};

export const runTask = defineCommand({
  verb: 'run',
  noun: 'task',
  summary: 'Start tasks as their dependencies allow; what becomes ready meanwhile follows',
  example: 'run all ready tasks',
  role: 'operator',
  modifiers: [...MODE_MODIFIERS, 'fresh', 'parallel', 'sequential', 'wait'],
  aloud: ['parallel'],
  target: 'required',
  reads: false,
  effects:
    'gives the tasks to instances, unless you assign them (plan.strategy manual), launches some where there is none, makes a branch for each task',
  params: runParams,
  result: z.object({
    tasks: z.array(z.string()),
    launched: z.array(z.string()).describe('Instances that were launched for it'),
    failed: z.array(z.string()).optional().describe('With wait: what did not get done'),
    reasons: z.record(z.string(), z.string()).optional().describe('With wait: why each of these did not get done'),
  }),
  // What is held back begins only when it is let go; of what is named the answer says so.
  targets: (state, input) => askedFor(state, input).map(({ id }) => id),
  nothing: ({ state, settings }, input, modifiers) => {
    const tasks = askedFor(state, input);
    const isSaid = Object.values(wishOf({ settings }, input, modifiers)).some(Boolean);
    const isAsked = tasks.every((task) => task.held && task.state === 'open' && task.requested);
    return tasks.length > 0 && isAsked && !isSaid ? heldText(tasks).trim() : undefined;
  },
  foretells: ({ state, settings }, input, modifiers) => {
    const tasks = askedFor(state, input);
    const wish = wishOf({ settings }, input, modifiers);
    return foretoldRun(state, tasks, {
      plan: settings.plan,
      isForPlanner: isForPlanner(wish),
      launches: takesLaunch(state, tasks, wish) ? newcomerAgent({ settings }, wish) : null,
    });
  },
  taker: ({ state, settings }, input, modifiers) => {
    const [task, ...others] = chooseTasks(state, input);
    if (!task || others.length > 0) return undefined;
    return foretoldTaker(state, task, wishOf({ settings }, input, modifiers), settings);
  },
  refuses: refuseRun,
  run: async (context, input, modifiers) => {
    const standing = { state: context.store.state, settings: context.settings };
    const { wish, waits, chosen: before } = runnable(standing, input, modifiers);
    // Whoever waits for all waits for those as well that somebody is at already.
    const underWay = waits ? underWayAmong(standing.state, input).map(({ id }) => id) : [];
    const alone = leftAloneText(standing.state, leftAlone(standing.state, input));
    const prepared = await prepare(context, before, wish);
    // A request that is said again to the next daemon finds its decision made: then it is these that it waits for.
    let ids: readonly string[] = before.map(({ id }) => id);
    let prospect = { starting: 0, queued: 0, left: '' };
    let ready: readonly Task[] = [];
    let held: readonly Task[] = [];
    let byHand: readonly Task[] = [];
    const facts = await context.decide((state) => {
      const tasks = chooseTasks(state, input);
      ids = tasks.map((task) => task.id);
      held = tasks.filter((task) => task.held);
      const going = beginning(state, tasks);
      const isNobodyThere = prepared && ableInstances(state, tasks, wish).length === 0;
      const made = isNobodyThere ? launchFacts(context, state, prepared, newcomerCount(context, going, wish)) : [];
      const newcomers = dataOf(made, 'instance.created').map(({ instance_id }) => instance_id);
      const able = going.filter((task) => isReady({ ...task, state: 'open' }, state.tasks));
      const isByHand = (task: Task): boolean => isForPlanner(wish) && awaitsHand(task, context.settings);
      ready = able.filter((task) => !isByHand(task));
      byHand = going.filter(isByHand);
      prospect = prospects(
        state,
        ready,
        wish,
        newcomers.map(() => (prepared?.takes_plans === false ? { takes_plans: false } : {})),
      );
      return [...made, ...requestFacts(state, tasks, wish, newcomers[0])];
    });
    const launched = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
    if (waits) {
      const ended = await waitFor(context, [...new Set([...underWay, ...ids])], launched);
      return { ...ended, message: `${ended.message}${alone}` };
    }
    const { swarm, tasks } = context.store.state;
    const { paused } = swarm;
    const { stranded, text } = strandedAmong(tasks, ids);
    byHand = byHand.filter(({ id }) => !stranded.some((one) => one.id === id));
    const left = `${prospect.left}${byHandText(byHand, context.settings)}${heldText(held)}${alone}${text}`;
    const later = ids.length - ready.length - byHand.length - held.length - stranded.filter((one) => !one.held).length;
    const elsewhere = paused ? '' : elsewhereText(context, ready, wish);
    return {
      message: `${handedOutText({ ...prospect, left, later, again: againText(ready), launched, wish, paused })}${elsewhere}`,
      data: { tasks: ids, launched },
      sideEffects: launched.map((id) => `launch ${id}`),
    };
  },
});
