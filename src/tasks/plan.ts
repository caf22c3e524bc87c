import { valuesOf } from '../lib/records.ts';
import { isUnderWay } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { stirringTasks, wantedTasks } from '../state/live-tasks.ts';
import { isAlive } from '../state/moves.ts';
import type { TaskOrder } from '../state/swarm-settings.ts';
import type { Task, Tasks } from '../state/tasks.ts';
import { claimHolder } from './claims.ts';
import { mayDo, pinnedTo } from './may-do.ts';
import { type Candidate, comparePressing, ranksIn } from './pressing.ts';
import { isRacing, unsettledRacers, verdictOf } from './race.ts';
import { canMove, failedAgent } from './recovery.ts';
import { nextRetry, type RetriesOf } from './retry.ts';
import { hasAll, isReady } from './select.ts';
import { compareIds } from './spec/number.ts';

/** Something to be done now. The same state gives the same actions: whoever does them leaves out those still under way. */
export type PlanAction =
  | { readonly kind: 'launch'; readonly instance: string }
  | { readonly kind: 'assign'; readonly task: string; readonly instance: string; readonly reason: string }
  | { readonly kind: 'start'; readonly task: string; readonly instance: string }
  /** Its program has to be started anew for the task: in another run profile, or with a fresh conversation. */
  | { readonly kind: 'prepare'; readonly task: string; readonly instance: string; readonly mode: string | null }
  /** The program of an instance is started again, because it failed in the middle of a run. */
  | { readonly kind: 'restart'; readonly instance: string }
  /** It takes prompts again and is told to go on with the run that it was at. */
  | { readonly kind: 'continue'; readonly task: string; readonly instance: string }
  /** A run that its instance does not finish is taken from it; somebody else goes on. */
  | { readonly kind: 'hand-over'; readonly task: string; readonly instance: string }
  /** A failed run is tried again by itself, for the n-th time. */
  | { readonly kind: 'retry'; readonly task: string; readonly n: number; readonly reason: string }
  | { readonly kind: 'pause'; readonly instance: string }
  | { readonly kind: 'resume'; readonly instance: string }
  | { readonly kind: 'verify'; readonly task: string }
  | { readonly kind: 'stop'; readonly instance: string }
  /** A race ends by its own rule. */
  | { readonly kind: 'end-race'; readonly task: string }
  /** The work of a racer that did not win is put away. */
  | { readonly kind: 'settle-racer'; readonly task: string }
  | { readonly kind: 'merge' | 'rollback'; readonly batch: string };

/** The instances that begin nothing else yet, whatever their agents show: they have a run, or what they did in a race is put away first. */
export const busyIn = (state: State): ReadonlySet<string | null> => {
  const busy = new Set<string | null>();
  for (const task of stirringTasks(state.tasks))
    if (task.state === 'running' || task.state === 'verifying') busy.add(task.assignee);
  for (const { instance } of unsettledRacers(state)) if (instance) busy.add(instance.instance_id);
  return busy;
};

/** An idle instance with nothing that it could do from its own queue. */
const idlers = (state: State): { startable: Map<string, Task>; free: Instance[] } => {
  const busy = busyIn(state);
  const startable = new Map<string, Task>();
  const free: Instance[] = [];
  const idle = Object.values(state.instances).filter(
    (one) => one.state.kind === 'idle' && one.hold === null && !busy.has(one.instance_id),
  );
  for (const instance of idle.toSorted((a, b) => compareIds(a.instance_id, b.instance_id))) {
    const id = instance.instance_id;
    const queue = instance.task_assignments
      .map((task) => state.tasks[task])
      .filter((task) => task?.state === 'assigned' && task.assignee === id && !task.held) as Task[];
    // A task that waits does not hold up those behind it, nor the instance: what it waits for may need this instance.
    const head = queue.find((task) => hasAll(task, state.tasks) && !claimHolder(task, state));
    if (head) startable.set(id, head);
    else free.push(instance);
  }
  return { startable, free };
};

/** Requested tasks that can start, the most pressing first. */
const candidates = (state: State, order: TaskOrder | undefined): Candidate[] => {
  const { tasks } = state;
  const pressing = wantedTasks(tasks).filter((task) => !task.held && isReady(task, tasks));
  if (pressing.length === 0) return [];
  const { remaining, position, turn } = ranksIn(state);
  return pressing
    .filter((task) => order !== 'manual' || pinnedTo(task) !== null)
    .map((task) => ({
      ...{ task, remaining: remaining.get(task.id)! },
      ...{ position: position.get(task.id)!, turn: turn.get(task.id)! },
    }))
    .toSorted(comparePressing(order));
};

/** The run profile that a task wants of an instance: its own, else the one that the instance was launched with. */
const modeFor = (task: Task, instance: Instance): string | null => task.mode ?? instance.launch_mode;

/** Whether it can begin as the instance is: in the right profile and, where that is asked for, in a new conversation. */
const isPrepared = (task: Task, instance: Instance): boolean =>
  instance.mode === modeFor(task, instance) && (!task.fresh || instance.prepared_for === task.id);

/** Begins the task, or makes the instance ready for it. */
const begin = (task: Task, instance: Instance): PlanAction => {
  const both = { task: task.id, instance: instance.instance_id };
  return isPrepared(task, instance)
    ? { kind: 'start', ...both }
    : { kind: 'prepare', ...both, mode: modeFor(task, instance) };
};

/** The prerequisite that the instance has done, so that it knows the ground. */
const knows = (instance: Instance, task: Task, tasks: Tasks): string | undefined =>
  task.dependencies.find((id) => tasks[id]?.run?.instance === instance.instance_id);

const weightText = ({ task, remaining }: Candidate): string => {
  const chain = remaining > task.complexity_score ? `, ${remaining} with what waits for it` : '';
  return `complexity ${task.complexity_score}${chain}`;
};

const WHY: Partial<Record<TaskOrder, string>> = {
  fifo: 'next in the order of the plans',
  'spread-groups': 'the turn of its group',
};

const reasonFor = (candidate: Candidate, order: TaskOrder | undefined, known: string | undefined): string => {
  const why = (order && WHY[order]) ?? weightText(candidate);
  return `ready, ${why}, priority ${candidate.task.priority}${known ? `; it did ${known}` : ''}`;
};

/**
 * The best of those that may do it: another program than the one that failed at it; of these the agent that is usual here, then
 * one that can begin at once and did what it builds on, else one that can begin at once.
 */
const chosenFor = (
  task: Task,
  free: Iterable<Instance>,
  { tasks, instances }: State,
  usual: string | undefined,
): Instance | undefined => {
  const able = [...free].filter((one) => mayDo(task, one));
  const others = able.filter((one) => one.agent !== failedAgent(task, instances));
  const willing = others.length > 0 ? others : able;
  const known = willing.filter((one) => one.agent === usual);
  const fit = known.length > 0 ? known : willing;
  const prepared = fit.filter((one) => isPrepared(task, one));
  return prepared.find((one) => knows(one, task, tasks)) ?? prepared[0] ?? fit[0];
};

/** How much work each instance has been given, in points of complexity. */
const loadIn = (tasks: Tasks): ReadonlyMap<string, number> => {
  const load = new Map<string, number>();
  for (const { run, complexity_score } of valuesOf(tasks))
    if (run) load.set(run.instance, (load.get(run.instance) ?? 0) + complexity_score);
  return load;
};

const leastFirst = (free: Iterable<Instance>, load: ReadonlyMap<string, number>): Instance[] =>
  [...free].toSorted((a, b) => (load.get(a.instance_id) ?? 0) - (load.get(b.instance_id) ?? 0));

type Handing = Pick<PlanOptions, 'order' | 'agent'>;

const assignments = (state: State, free: readonly Instance[], { order, agent }: Handing): PlanAction[] => {
  const rest = new Map(free.map((instance) => [instance.instance_id, instance]));
  const actions: PlanAction[] = [];
  const chosen: Task[] = [];
  if (rest.size === 0) return actions;
  const load = order === 'load-balance' ? loadIn(state.tasks) : undefined;
  for (const candidate of candidates(state, order)) {
    const { task } = candidate;
    if (claimHolder(task, state, chosen)) continue;
    const instance = chosenFor(task, load ? leastFirst(rest.values(), load) : rest.values(), state, agent);
    if (!instance) continue;
    const id = instance.instance_id;
    rest.delete(id);
    chosen.push(task);
    const known = isPrepared(task, instance) ? knows(instance, task, state.tasks) : undefined;
    const reason = pinnedTo(task) === id ? 'pinned to it' : reasonFor(candidate, order, known);
    actions.push({ kind: 'assign', task: task.id, instance: id, reason }, begin(task, instance));
    if (rest.size === 0) break;
  }
  return actions;
};

/** What is handed out and begun now; nothing while the swarm is paused. */
const handOut = (state: State, handing: Handing): PlanAction[] => {
  if (state.swarm.paused) return [];
  const { startable, free } = idlers(state);
  return [
    ...[...startable].map(([instance, task]) => begin(task, state.instances[instance]!)),
    ...assignments(state, free, handing),
  ];
};

export type PlanOptions = {
  readonly now: string;
  /** Whether a program that failed has rested for as long as it had to; without it, by the time that was noted for it. */
  readonly hasRested?: (instance: string) => boolean;
  readonly retriesOf?: RetriesOf;
  /** A limit that ends later than this, an ISO time, is not waited for where somebody else could do the task. */
  readonly patientUntil?: string;
  /** How often a task goes elsewhere by itself. */
  readonly moves?: number;
  /** Which of the tasks that are ready goes first; without it, the one with the heaviest chain behind it. */
  readonly order?: TaskOrder;
  /** The agent of which idle instances come first. */
  readonly agent?: string;
};

/** Whether a program that failed may start again by now. */
const mayRestart = (instance: string, due: string | null, { now, hasRested }: PlanOptions): boolean =>
  hasRested ? hasRested(instance) : (due ?? now) <= now;

/** Runs whose program failed: started again when its time has come, told to go on, or taken away. */
const recoveries = ({ instances, swarm }: State, options: PlanOptions): PlanAction[] =>
  Object.values(instances).flatMap(({ instance_id: instance, recovery, state, hold }): PlanAction[] => {
    if (recovery === null) return [];
    const { next, due, task } = recovery;
    const broken = ['failed', 'lost', 'stuck'].includes(state.kind);
    if (next === 'move' && broken) return [{ kind: 'hand-over', task, instance }];
    if (swarm.paused || hold !== null) return [];
    if (next === 'restart' && broken && mayRestart(instance, due, options)) return [{ kind: 'restart', instance }];
    return next === 'go-on' && state.kind === 'idle' ? [{ kind: 'continue', task, instance }] : [];
  });

/** Runs of agents whose limit ends too late, as many as others are free for them. An account is shared by its program. */
const limitedRuns = (state: State, { patientUntil, moves = 0 }: PlanOptions): PlanAction[] => {
  const limited = Object.values(state.instances).filter((one) => one.state.kind === 'limited' && one.hold === null);
  if (limited.length === 0 || state.swarm.paused || patientUntil === undefined) return [];
  const rest = new Set(idlers(state).free);
  return limited.flatMap((one): PlanAction[] => {
    if ((one.state.until ?? '') <= patientUntil) return [];
    const task = one.task_assignments.map((id) => state.tasks[id]!).find((held) => held.state === 'running');
    if (!task || !canMove(state, task, one, moves)) return [];
    const other = [...rest].find((free) => free.agent !== one.agent && mayDo(task, free));
    if (!other) return [];
    rest.delete(other);
    return [{ kind: 'hand-over', task: task.id, instance: one.instance_id }];
  });
};

/** Races that end by their own rules, and what is put away after those that have ended. */
const races = (state: State, retriesOf: RetriesOf = () => 0): PlanAction[] => [
  ...stirringTasks(state.tasks)
    .filter((task) => isRacing(task) && verdictOf(task, state.tasks, retriesOf))
    .map(({ id: task }) => ({ kind: 'end-race', task }) as const),
  ...unsettledRacers(state).map(({ racer }) => ({ kind: 'settle-racer', task: racer }) as const),
];

/** Failed runs that are tried again by themselves. */
const retries = (state: State, retriesOf: RetriesOf = () => 0): PlanAction[] =>
  stirringTasks(state.tasks)
    .filter((task) => task.state === 'failed')
    .flatMap((task) => {
      const next = nextRetry(task, retriesOf);
      return next ? [{ kind: 'retry', task: task.id, ...next }] : [];
    });

/**
 * What to do now. An `assign` is followed by the `start` of the same task, or by what makes its instance ready for it.
 * Time decides only over what was put off to a time of its own.
 */
export const plan = (state: State, options: PlanOptions): PlanAction[] => {
  const instances = Object.values(state.instances);
  const of = (kind: Instance['state']['kind']): string[] =>
    instances.filter((one) => one.state.kind === kind).map((one) => one.instance_id);
  const held = (hold: Instance['hold']): string[] =>
    instances.filter((one) => one.hold === hold && isAlive(one.state.kind)).map((one) => one.instance_id);
  return [
    ...of('stopping').map((instance) => ({ kind: 'stop', instance }) as const),
    ...of('creating').map((instance) => ({ kind: 'launch', instance }) as const),
    ...stirringTasks(state.tasks)
      .filter((task) => task.state === 'verifying')
      .map((task) => ({ kind: 'verify', task: task.id }) as const),
    ...recoveries(state, options),
    ...retries(state, options.retriesOf),
    ...races(state, options.retriesOf),
    ...limitedRuns(state, options),
    ...held('pausing').map((instance) => ({ kind: 'pause', instance }) as const),
    ...held('resuming').map((instance) => ({ kind: 'resume', instance }) as const),
    ...handOut(state, options),
    ...Object.values(state.batches)
      .filter(isUnderWay)
      .map(({ id, state: now }) => ({
        kind: now === 'running' ? ('merge' as const) : ('rollback' as const),
        batch: id,
      })),
  ];
};
