import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { alertClearingFacts, dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { waitingFor } from '../../tasks/select.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { checkLaunchable, prepareLaunch } from '../instances/launch-facts.ts';
import { idsParam, oneTask } from '../selection.ts';
import { chooseMode, MODE_MODIFIERS, modeParam } from '../settings/mode-choice.ts';
import { runNeededHint } from '../tasks/run-hints.ts';
import {
  agentsOf,
  lineUp,
  lineUpParams,
  type Place,
  placesOf,
  type PreparedAgents,
  raceFacts,
  seatRacers,
} from './line-up.ts';
import { refuseRacing } from './racing-task.ts';

const params = z.object({ id: idsParam.describe('The task'), ...lineUpParams, mode: modeParam });
type Input = z.infer<typeof params>;

/** With more racers than these, a person is asked first: each of them spends as much as one that does the task alone. */
const FEW = 3;

const countOf = ({ agents, instances }: Input): number => {
  const [first] = instances ?? [];
  return instances?.length === 1 && /^\d+$/u.test(first ?? '') ? Number(first) : (agents ?? instances ?? []).length;
};

/** The task, which must be able to start. */
const startableTask = (state: State, ids: readonly string[]): Task => {
  const task = oneTask(state, ids);
  refuseRacing(state, task);
  if (task.archived || !['open', 'failed', 'blocked'].includes(task.state))
    throw wrongState({
      id: task.id,
      state: task.archived ? 'archived' : task.state,
      wants: 'only an open, failed or blocked task can be raced for',
      hint: `Look at it: show task ${saidId(task.id)}`,
    });
  const missing = waitingFor(task, state.tasks);
  if (missing.length > 0)
    throw wrongState({
      id: task.id,
      state: 'blocked',
      wants: `it waits for ${missing.join(', ')}`,
      hint: runNeededHint(state, task),
    });
  return task;
};

/** What is said of a race: in which mode, and for whom there are places. */
const saidIn = ({ settings }: Pick<Context, 'settings'>, input: Input, modifiers: readonly string[]) => ({
  mode: chooseMode('race task', settings, { mode: input.mode, modifiers }),
  places: placesOf(input, settings.agent),
});

/** What launches need, for each agent that may have to be launched. */
const prepareAgents = async (
  context: Context,
  places: readonly Place[],
  mode: string | null,
): Promise<PreparedAgents> => {
  return new Map(
    await Promise.all(
      agentsOf(places).map(async (agent) => [agent, await prepareLaunch(context, agent, mode)] as const),
    ),
  );
};

export const raceTask = defineCommand({
  verb: 'race',
  noun: 'task',
  summary: 'Give one task to several agents at once, each in its own worktree; one of those that pass its gates wins',
  example: 'race task 3.1 agents=claude,codex',
  role: 'operator',
  modifiers: MODE_MODIFIERS,
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'gives the task to idle instances of these agents, or launches some; a branch for each of them',
  params,
  result: z.object({
    task: z.string(),
    racers: z.array(z.object({ id: z.string(), instance: z.string(), agent: z.string() })),
    launched: z.array(z.string()).describe('Instances that were launched for it'),
  }),
  loss: (_state, input) => {
    const count = countOf(input);
    if (count <= FEW) return undefined;
    const loses = `${count} agents do the same work, which costs about ${count} times as much as one.`;
    return { targets: [...input.id], loses };
  },
  refuses: (standing, input, modifiers) => {
    const { places } = saidIn(standing, input, modifiers);
    const task = startableTask(standing.state, input.id);
    // It is looked whether they can be launched, also where others of the agent are free.
    for (const agent of agentsOf(places)) checkLaunchable(standing, agent);
    seatRacers(standing, task, places);
  },
  run: async (context, input, modifiers) => {
    const { settings, store } = context;
    const { mode, places } = saidIn(context, input, modifiers);
    startableTask(store.state, input.id);
    const prepared = await prepareAgents(context, places, mode);
    const winner_by = input.winner ?? settings.race.winner;
    const facts = await context.decide((state) => {
      const task = startableTask(state, input.id);
      const { instances, launches } = lineUp(context, state, { task, places, prepared });
      return [
        ...launches,
        ...(task.state === 'open'
          ? []
          : [{ type: 'task.reopened', data: { id: task.id, reason: 'raced for' } } as const]),
        ...alertClearingFacts(state, task.id, 'raced for'),
        ...raceFacts(state, task, { instances, winner_by, mode }),
      ];
    });
    const [{ id, racers } = { id: '', racers: [] }] = dataOf(facts, 'race.started');
    const launched = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
    const made = launched.length > 0 ? `; launched ${launched.join(', ')}` : '';
    const paused = store.state.swarm.paused ? ' The swarm is paused: they begin after "resume swarm".' : '';
    return {
      message: `${plural(racers.length, 'racer')} for ${id}: ${racers.map((one) => one.instance).join(', ')}${made}.${paused} See: show race ${saidId(id)}`,
      data: { task: id, racers: [...racers], launched },
      sideEffects: launched.map((one) => `launch ${one}`),
    };
  },
});
