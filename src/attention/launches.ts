import { counted } from '../lib/names.ts';
import { saidId, saidOption } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { presentIn } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { besideOneAnother } from '../tasks/claims.ts';
import { isImported, isPretence, mayDo, pinnedTo, trialCommand } from '../tasks/may-do.ts';
import { isComingBack } from '../tasks/recovery.ts';
import type { TaskGroups } from '../tasks/task-groups.ts';
import { isFree, stoppedIn } from './standstill.ts';
import type { Step, Surroundings } from './step.ts';

/** How many agents are proposed at most: enough to see what a swarm is. */
export const FEW = 3;

export type Situation = {
  readonly state: State;
  readonly groups: TaskGroups;
  /** Instances that take tasks, now or when they are done with theirs. */
  readonly present: readonly Instance[];
};

/** How many more instances may live. */
export const placesIn = ({ state }: Situation, surroundings: Surroundings | null): number =>
  (surroundings?.maxInstances ?? Number.POSITIVE_INFINITY) - presentIn(state).length;

/** Whether all of what can be begun is still to be asked for. */
const whenIn = ({ queued }: TaskGroups): string => (queued.length > 0 ? 'to do' : 'ready');

/** What a task was asked for with. */
type Wishes = Pick<Task, 'run_agent' | 'run_group'>;

/** How so many agents that work are launched, of the agent and for the group that were asked for. */
export const launchCommand = (
  number: number,
  { run_agent, run_group }: Wishes,
  surroundings: Surroundings | null,
): string => {
  const { agent = null, isUsual = true } = surroundings ?? {};
  const other = agent === null || isUsual ? null : agent.name;
  const wished = isUsual && run_agent === agent?.name ? null : run_agent;
  const name = wished ?? other;
  const which = name === null ? '' : ` ${saidOption('agent', name)}`;
  const where = run_group === null ? '' : ` ${saidOption('group', run_group)}`;
  return `launch ${number} ${number === 1 ? 'instance' : 'instances'}${which}${where}`;
};

/** Whether one that is launched as the task was asked for may do it. */
const isForNewcomer = (task: Task, { instances }: State, agent: Surroundings['agent']): boolean => {
  const { run_agent } = task;
  const known = run_agent === null ? undefined : Object.values(instances).find((one) => one.agent === run_agent);
  const takesPlans =
    run_agent === null || run_agent === agent?.name ? (agent?.takesPlans ?? true) : known?.takes_plans !== false;
  return pinnedTo(task) === null && !isPretence(task, { takes_plans: takesPlans });
};

/** Those of the tasks that were asked for with the same as the first of them: one launch is for all. */
const alikeIn = (wanted: readonly Task[]): readonly Task[] =>
  wanted.filter(({ run_agent, run_group }) => run_agent === wanted[0]!.run_agent && run_group === wanted[0]!.run_group);

/** The instances that take tasks, or do when they are started again. */
const comersIn = ({ state, present }: Situation): readonly Instance[] => [
  ...present,
  ...stoppedIn(state),
  ...Object.values(state.instances).filter(isComingBack),
];

export const launchStep = (situation: Situation, surroundings: Surroundings | null): Step[] => {
  const { state, present, groups } = situation;
  const known = comersIn(situation);
  const wanted = [...groups.ready, ...groups.queued].filter(
    (task) => !known.some((one) => mayDo(task, one)) && isForNewcomer(task, state, surroundings?.agent ?? null),
  );
  const [first] = wanted;
  const places = placesIn(situation, surroundings);
  // Where no agent is there that works, none can be launched: whoever draws the empty screen says so.
  if (!first || surroundings?.agent === null || places <= 0) return [];
  const alike = alikeIn(wanted);
  const number = Math.min(besideOneAnother(alike, state, FEW).length, places);
  // All of them wait for files that others have: nobody who is launched would begin.
  if (number === 0) return [];
  const command = launchCommand(number, first, surroundings);
  const them = alike.length === 1 ? 'it' : 'them';
  const nobody = present.length === 0 ? 'no agent is here' : `no agent here may do ${them}`;
  const why = `${counted(alike.length, 'task')} ${whenIn(groups)}, ${nobody}`;
  return [{ kind: 'launch', why, command, isPressing: true }];
};

const COMING: readonly Instance['state']['kind'][] = ['creating', 'starting'];

/** More tasks wait than agents are there to take them: others can be started beside those. */
export const moreStep = (situation: Situation, surroundings: Surroundings | null): Step[] => {
  const { state, present, groups } = situation;
  const agent = surroundings?.agent ?? null;
  const places = placesIn(situation, surroundings);
  if (agent === null || present.length === 0 || state.swarm.paused || places <= 0) return [];
  const wanted = [...groups.queued, ...groups.ready].filter((task) => isForNewcomer(task, state, agent));
  const [first] = wanted;
  const alike = besideOneAnother(alikeIn(wanted), state);
  const isComing = (one: Instance): boolean => isFree(one) || COMING.includes(one.state.kind) || isComingBack(one);
  const taking = Object.values(state.instances).filter(
    (one) => isComing(one) && alike.some((task) => mayDo(task, one)),
  ).length;
  const number = Math.min(FEW, alike.length - taking, places);
  if (!first || number <= 0) return [];
  const free = taking === 0 ? 'no agent' : counted(taking, 'agent');
  const why = `${counted(alike.length, 'task')} to begin, ${free} free`;
  return [{ kind: 'launch', why, command: launchCommand(number, first, surroundings), isPressing: false }];
};

/** The imported tasks that nobody who is here may do, nor who would be launched. */
const leftImported = (situation: Situation, surroundings: Surroundings | null): readonly Task[] => {
  const { state, present, groups } = situation;
  if (surroundings === null || surroundings.agent?.takesPlans === true) return [];
  const { agent } = surroundings;
  // Where no program of an agent that works is here, nobody is launched for those that others may do.
  if (agent === null && (present.length === 0 || placesIn(situation, surroundings) <= 0)) return [];
  const known = comersIn(situation);
  return [...groups.ready, ...groups.queued].filter(
    (task) =>
      isImported(task) &&
      pinnedTo(task) === null &&
      !known.some((one) => mayDo(task, one)) &&
      isForNewcomer(task, state, agent) === (agent === null),
  );
};

/** What can be tried of what agents that pretend to work do not take: a plan, in a copy. */
const trialStep = (left: readonly Task[], { state, groups }: Situation, isPressing: boolean): Step => {
  const ofPlans = left.filter(({ spec }) => spec !== null);
  const when = whenIn(groups);
  const [first] = ofPlans;
  if (first) {
    const why = `${counted(ofPlans.length, 'task')} of a plan ${when}, which rehearsal agents only try in a copy`;
    return { kind: 'try', why, command: trialCommand(state.specs, first.spec!), isPressing };
  }
  const why = `${counted(left.length, 'imported task')} ${when}, which rehearsal agents do not take`;
  return { kind: 'look', why, command: `show task ${saidId(left[0]!.id)}`, isPressing };
};

/** What is there for imported tasks where the agents that are here, and the one that is usual, only pretend to work. */
export const pretenceSteps = (situation: Situation, surroundings: Surroundings | null): Step[] => {
  const { present, groups } = situation;
  const left = leftImported(situation, surroundings);
  if (left.length === 0) return [];
  const { worker } = surroundings ?? {};
  // What was asked for with another agent is done by no other.
  const open = left.filter(({ run_agent }) => run_agent === null || run_agent === worker);
  const [first] = open;
  const number = Math.min(FEW, alikeIn(open).length, placesIn(situation, surroundings));
  // Where nobody is here yet, who chose an agent that pretends wants to see the plan tried.
  if (worker === undefined || !first || number <= 0 || present.length === 0) return [trialStep(left, situation, true)];
  const isPlan = open.every(({ spec }) => spec !== null);
  const tasks = isPlan ? `${counted(open.length, 'task')} of a plan` : counted(open.length, 'imported task');
  const [wait, them] = open.length === 1 ? ['waits', 'it'] : ['wait', 'them'];
  const launch: Step = {
    kind: 'launch',
    why: `${tasks} ${whenIn(groups)}, which ${wait} for an agent that may do ${them}`,
    command: launchCommand(number, { run_agent: worker, run_group: first.run_group }, surroundings),
    isPressing: true,
  };
  return [launch, trialStep(left, situation, false)];
};
