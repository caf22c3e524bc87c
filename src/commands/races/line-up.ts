import { z } from 'zod';
import { takesPlans } from '../../agents/index.ts';
import { entryOf } from '../../lib/entry.ts';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { presentIn } from '../../state/moves.ts';
import { RACE_WINNERS } from '../../state/races.ts';
import type { Task } from '../../state/tasks.ts';
import type { Context, Standing } from '../define.ts';
import { badParameter } from '../errors.ts';
import { checkLimit, launchFacts, type prepareLaunch } from '../instances/launch-facts.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { assertRealWorker, assertTakesTasks } from '../tasks/assign-facts.ts';

/** The parameters that say who races. */
export const lineUpParams = {
  agents: idsParam.optional().describe('The agents that race, one racer for each: claude,codex,kiro'),
  instances: idsParam.optional().describe('How many racers of the usual agent, or the instances that race'),
  winner: z.enum(RACE_WINNERS).optional().describe('Who takes the winner; without it as race.winner says'),
};
type Said = { readonly agents?: string[] | undefined; readonly instances?: string[] | undefined };

/** A place in a race: for an instance that is named, or for whichever runs this agent. */
export type Place = { readonly agent: string } | { readonly instance: string };

const wrong = (key: string, issue: string) => badParameter({ command: 'race task', key, issue });

const MOST = 16;

/** The places that were said, two of them at least. */
export const placesOf = ({ agents, instances }: Said, usualAgent: string): readonly Place[] => {
  if ((agents === undefined) === (instances === undefined))
    throw wrong('agents', 'say either agents=claude,codex or instances=3');
  const [count] = instances ?? [];
  const isCount = instances?.length === 1 && /^\d+$/u.test(count ?? '');
  if (isCount && Number(count) > MOST) throw wrong('instances', `${MOST} is the most`);
  const places: readonly Place[] = isCount
    ? Array.from({ length: Number(count) }, () => ({ agent: usualAgent }))
    : (agents?.map((agent) => ({ agent })) ?? [...new Set(instances)].map((instance) => ({ instance })));
  if (places.length < 2) throw wrong(agents ? 'agents' : 'instances', 'a race needs at least two');
  return places;
};

/** The agents that places are for, each once. */
export const agentsOf = (places: readonly Place[]): readonly string[] => [
  ...new Set(places.flatMap((place) => ('agent' in place ? [place.agent] : []))),
];

type Prepared = Awaited<ReturnType<typeof prepareLaunch>>;
export type PreparedAgents = ReadonlyMap<string, Prepared>;

/** The instances for the places that are free now, in their order; undefined where one has to be launched. */
const seatsIn = (state: State, task: Task, places: readonly Place[]): (string | undefined)[] => {
  const named = places.flatMap((place) => ('instance' in place ? [place.instance] : []));
  for (const id of named) assertTakesTasks(state, [task], oneInstance(state, [id]).instance_id);
  const taken = new Set(named);
  return places.map((place) => {
    if ('instance' in place) return place.instance;
    const free = presentIn(state).find(
      ({ instance_id: id, agent, state: { kind }, hold, task_assignments: queue }) =>
        agent === place.agent && kind === 'idle' && hold === null && queue.length === 0 && !taken.has(id),
    );
    if (free) taken.add(free.instance_id);
    return free?.instance_id;
  });
};

/**
 * The same, where there is room for those who have to be launched, and nobody would only pretend to work. Refuses all that
 * state and settings tell against a race.
 */
export const seatRacers = (
  { state, settings }: Standing,
  task: Task,
  places: readonly Place[],
): readonly (string | undefined)[] => {
  for (const name of agentsOf(places))
    assertRealWorker(state, [task], { name, takes_plans: takesPlans(name, settings) });
  const seats = seatsIn(state, task, places);
  checkLimit({ settings }, state, seats.filter((seat) => seat === undefined).length);
  return seats;
};

/** Who races, and the facts that launch those who are not there. */
export const lineUp = (
  context: Context,
  state: State,
  {
    task,
    places,
    prepared,
  }: { readonly task: Task; readonly places: readonly Place[]; readonly prepared: PreparedAgents },
): { readonly instances: readonly { instance: string; agent: string }[]; readonly launches: readonly EventDraft[] } => {
  const seats = seatRacers({ state, settings: context.settings }, task, places);
  const launches: EventDraft[] = [];
  let seen = state;
  const newcomer = (agent: string): string => {
    const facts = launchFacts(context, seen, { ...prepared.get(agent)!, launch_mode: null }, 1);
    launches.push(...facts);
    const { next, next_theme } = seen.swarm;
    // Those launched for this race count on in names and colours.
    const swarm = {
      ...seen.swarm,
      next: { ...next, [agent]: (entryOf(next, agent) ?? 1) + 1 },
      next_theme: next_theme + 1,
    };
    seen = { ...seen, swarm };
    return dataOf(facts, 'instance.created')[0]!.instance_id;
  };
  const instances = places.map((place, i) => {
    const agent = 'agent' in place ? place.agent : state.instances[place.instance]!.agent;
    return { instance: seats[i] ?? newcomer(agent), agent };
  });
  return { instances, launches };
};

/** An id for the task of a racer that no other one has. */
const racerId = (state: State, task: string, instance: string): string => {
  const wanted = `${task}@${instance}`;
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? wanted : `${wanted}.${n}`;
    if (!Object.hasOwn(state.tasks, id)) return id;
  }
};

/** The facts that begin a race between these instances. */
export const raceFacts = (
  state: State,
  task: Task,
  how: {
    readonly instances: readonly { instance: string; agent: string }[];
    readonly winner_by: (typeof RACE_WINNERS)[number];
    readonly mode: string | null;
  },
): EventDraft[] => {
  const racers = how.instances.map((one) => ({ ...one, id: racerId(state, task.id, one.instance) }));
  const { mode, winner_by } = how;
  return [
    { type: 'race.started', data: { id: task.id, winner_by, mode, racers } },
    ...racers.map(({ id, instance }): EventDraft => {
      return { type: 'task.assigned', data: { id, instance, pinned: true, reason: `races for ${task.id}` } };
    }),
  ];
};
