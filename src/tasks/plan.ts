import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isAlive } from '../state/moves.ts';
import { PRIORITIES, type Task, type Tasks } from '../state/tasks.ts';
import { remainingPath } from './graph.ts';
import { compareIds } from './number.ts';
import { graphOf, isReady, planOrder, waitingFor } from './select.ts';

/** Something to be done now. The same state gives the same actions: whoever does them leaves out those still under way. */
export type PlanAction =
  | { readonly kind: 'launch'; readonly instance: string }
  | { readonly kind: 'assign'; readonly task: string; readonly instance: string; readonly reason: string }
  | { readonly kind: 'start'; readonly task: string; readonly instance: string }
  /** Its program has to be started anew for the task: in another run profile, or with a fresh conversation. */
  | { readonly kind: 'prepare'; readonly task: string; readonly instance: string; readonly mode: string | null }
  | { readonly kind: 'pause'; readonly instance: string }
  | { readonly kind: 'resume'; readonly instance: string }
  | { readonly kind: 'verify'; readonly task: string }
  | { readonly kind: 'stop'; readonly instance: string }
  | { readonly kind: 'merge'; readonly batch: string };

/** An idle instance with nothing that it could do from its own queue. */
const idlers = (state: State): { startable: Map<string, Task>; free: Instance[] } => {
  const busy = new Set<string | null>();
  for (const task of Object.values(state.tasks))
    if (task.state === 'running' || task.state === 'verifying') busy.add(task.assignee);
  const startable = new Map<string, Task>();
  const free: Instance[] = [];
  const idle = Object.values(state.instances).filter((one) => one.state.kind === 'idle' && !busy.has(one.instance_id));
  for (const instance of idle.toSorted((a, b) => compareIds(a.instance_id, b.instance_id))) {
    const id = instance.instance_id;
    const queue = instance.task_assignments
      .map((task) => state.tasks[task])
      .filter((task) => task?.state === 'assigned' && task.assignee === id && !task.held) as Task[];
    // A task that waits does not hold up those behind it, nor the instance: what it waits for may need this instance.
    const head = queue.find((task) => waitingFor(task, state.tasks).length === 0);
    if (head) startable.set(id, head);
    else free.push(instance);
  }
  return { startable, free };
};

const unfinished = (tasks: Tasks) => (id: string) => !['done', 'cancelled'].includes(tasks[id]!.state);

type Candidate = { readonly task: Task; readonly remaining: number };

/** Requested tasks that can start, the most pressing first: the heaviest chain behind it, its priority, the plan. */
const candidates = (state: State): Candidate[] => {
  const { tasks, specs } = state;
  const pressing = Object.values(tasks).filter((task) => task.requested && !task.held && isReady(task, tasks));
  if (pressing.length === 0) return [];
  const order = planOrder(specs, tasks).filter(unfinished(tasks));
  const position = new Map(order.map((id, index) => [id, index]));
  const remaining = remainingPath(graphOf(order, tasks), (id) => tasks[id]!.complexity_score);
  return pressing
    .map((task) => ({ task, remaining: remaining.get(task.id)! }))
    .toSorted(
      (a, b) =>
        b.remaining - a.remaining ||
        PRIORITIES.indexOf(b.task.priority) - PRIORITIES.indexOf(a.task.priority) ||
        position.get(a.task.id)! - position.get(b.task.id)!,
    );
};

/** The run profile that a task wants of an instance: its own, else the one that the instance was launched with. */
const modeFor = (task: Task, instance: Instance): string | null => task.mode ?? instance.launch_mode;

/** Begins the task, or makes the instance ready for it. */
const begin = (task: Task, instance: Instance): PlanAction => {
  const mode = modeFor(task, instance);
  const fits = instance.mode === mode && (!task.fresh || instance.prepared_for === task.id);
  const both = { task: task.id, instance: instance.instance_id };
  return fits ? { kind: 'start', ...both } : { kind: 'prepare', ...both, mode };
};

const inGroup = (task: Task, instance: Instance): boolean =>
  task.run_group === null || task.run_group === instance.group;

const pinnedTo = (task: Task): string | null => (task.pinned ? task.assignee : null);

/** The prerequisite that the instance has done, so that it knows the ground. */
const knows = (instance: Instance, task: Task, tasks: Tasks): string | undefined =>
  task.dependencies.find((id) => tasks[id]?.run?.instance === instance.instance_id);

const reasonFor = ({ task, remaining }: Candidate, known: string | undefined): string => {
  const chain = remaining > task.complexity_score ? `, ${remaining} with what waits for it` : '';
  return `ready, complexity ${task.complexity_score}${chain}, priority ${task.priority}${known ? `; it did ${known}` : ''}`;
};

const assignments = (state: State, free: readonly Instance[]): PlanAction[] => {
  const rest = new Map(free.map((instance) => [instance.instance_id, instance]));
  const actions: PlanAction[] = [];
  if (rest.size === 0) return actions;
  for (const candidate of candidates(state)) {
    const { task } = candidate;
    const pinned = pinnedTo(task);
    const fit = [...rest.values()].filter(
      (one) => (pinned === null || one.instance_id === pinned) && inGroup(task, one),
    );
    const instance =
      fit.find((one) => knows(one, task, state.tasks)) ?? fit.find((one) => one.mode === modeFor(task, one)) ?? fit[0];
    if (!instance) continue;
    const id = instance.instance_id;
    rest.delete(id);
    const reason = pinned === id ? 'pinned to it' : reasonFor(candidate, knows(instance, task, state.tasks));
    actions.push({ kind: 'assign', task: task.id, instance: id, reason }, begin(task, instance));
    if (rest.size === 0) break;
  }
  return actions;
};

/** What is handed out and begun now; nothing while the swarm is paused. */
const handOut = (state: State): PlanAction[] => {
  if (state.swarm.paused) return [];
  const { startable, free } = idlers(state);
  return [
    ...[...startable].map(([instance, task]) => begin(task, state.instances[instance]!)),
    ...assignments(state, free),
  ];
};

/**
 * What to do now. An `assign` is followed by the `start` of the same task, or by what makes its instance ready for it. Time is part of the contract, and no rule
 * needs it so far.
 */
export const plan = (state: State, _options: { readonly now: string }): PlanAction[] => {
  const instances = Object.values(state.instances);
  const of = (kind: Instance['state']['kind']): string[] =>
    instances.filter((one) => one.state.kind === kind).map((one) => one.instance_id);
  const held = (hold: Instance['hold']): string[] =>
    instances.filter((one) => one.hold === hold && isAlive(one.state.kind)).map((one) => one.instance_id);
  return [
    ...of('stopping').map((instance) => ({ kind: 'stop', instance }) as const),
    ...of('creating').map((instance) => ({ kind: 'launch', instance }) as const),
    ...Object.values(state.tasks)
      .filter((task) => task.state === 'verifying')
      .map((task) => ({ kind: 'verify', task: task.id }) as const),
    ...held('pausing').map((instance) => ({ kind: 'pause', instance }) as const),
    ...held('resuming').map((instance) => ({ kind: 'resume', instance }) as const),
    ...handOut(state),
    ...Object.values(state.batches)
      .filter((batch) => batch.state === 'running')
      .map((batch) => ({ kind: 'merge', batch: batch.id }) as const),
  ];
};
