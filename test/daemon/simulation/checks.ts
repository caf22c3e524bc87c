import type { AppEvent, State } from '../../../src/state/index.ts';
import { emptyState, reduce } from '../../../src/state/index.ts';
import { isAlive } from '../../../src/state/moves.ts';
import { runsOf } from '../../../src/state/runs.ts';
import type { Task } from '../../../src/state/tasks.ts';
import type { Said } from './clients.ts';
import type { Machine } from './machine.ts';

/** A sentence on what is wrong; undefined where nothing is. */
type Wrong = string | undefined;

const idOf = (droverId: string): string => droverId.split('/').at(-1)!;

const twiceIn = (all: readonly string[]): string | undefined => all.find((one, at) => all.indexOf(one) !== at);

/** A task at which two agents are; a frozen one hears when it goes on that its task was taken away. */
export const sharedTask = ({ tmux }: Machine): string | undefined =>
  twiceIn(tmux.panes().flatMap(({ agent }) => (agent.isFrozen() ? [] : (agent.task() ?? []))));

/** What may never be, at no moment: two programs of an agent, or an agent with two tasks. */
export const wrongNow = ({ tmux }: Machine, state: State | undefined): Wrong => {
  const living = tmux.panes().filter(({ dead }) => !dead);
  const twice = twiceIn(living.map(({ droverId }) => idOf(droverId)));
  if (twice !== undefined) return `two programs of ${twice} run`;
  const place = twiceIn(living.map(({ agent }) => agent.cwd));
  if (place !== undefined) return `two programs run in ${place}`;
  const held = Object.values(state?.tasks ?? {}).filter(({ state: kind }) => kind === 'running');
  const shared = twiceIn(held.map(({ run }) => run!.instance));
  return shared === undefined ? undefined : `${shared} runs two tasks`;
};

const wrongInJournal = (events: readonly AppEvent[], state: State): Wrong => {
  const gap = events.findIndex(({ seq }, at) => seq !== at + 1);
  if (gap >= 0) return `event ${gap + 1} is missing in the journal`;
  if (JSON.stringify(events.reduce(reduce, emptyState)) !== JSON.stringify(state))
    return 'the journal does not lead to the state';
  const ends = events.flatMap(({ type, corr }) => (type === 'command.finished' && corr !== 'daemon' ? [corr] : []));
  const twice = twiceIn(ends);
  return twice === undefined ? undefined : `the command ${twice} was carried out twice`;
};

/** What was acknowledged, by what it was to record: once, whatever became of the daemon that was told. */
const wrongWithSaid = (events: readonly AppEvent[], said: readonly Said[]): Wrong => {
  for (const { id, text, reply } of said) {
    const own = events.filter(({ corr }) => corr === `c-${id}`);
    const count = (type: AppEvent['type']): number => own.filter((event) => event.type === type).length;
    const created = count('task.created');
    const launched = count('instance.created');
    const wanted = /^launch (?<count>\d)/u.exec(text)?.groups?.['count'];
    if (text.startsWith('create task') && created !== (reply.exit === 0 ? 1 : 0))
      return `"${text}" was answered with ${reply.exit}, and is recorded ${created} times`;
    if (wanted !== undefined && reply.exit === 0 && launched !== Number(wanted))
      return `"${text}" was acknowledged and created ${launched} instances`;
  }
  const all = events.flatMap((event) => (event.type === 'task.created' ? [event.data.task.id] : []));
  const twice = twiceIn(all);
  return twice === undefined ? undefined : `${twice} was created twice`;
};

/** Whatever is there of an instance is there as a whole, once nothing is under way. */
const wrongWithInstances = (
  { git, tmux }: Machine,
  { instances, tasks }: State,
  events: readonly AppEvent[],
): Wrong => {
  const sessions = new Map(tmux.panes().map((pane) => [idOf(pane.droverId), pane]));
  for (const id of sessions.keys()) if (!instances[id]) return `a session of ${id} is there, and no record`;
  for (const { instance_id: id, state, workspace_path: path, branch_name: branch } of Object.values(instances)) {
    const pane = sessions.get(id);
    const place = git.worktrees.get(path);
    if (isAlive(state.kind) && (!pane || pane.dead)) return `${id} is ${state.kind} without a program`;
    if (state.kind === 'stopped' && pane && !pane.dead) return `${id} is stopped and its program runs`;
    if (isAlive(state.kind) && (!place || place.isHalf)) return `${id} is ${state.kind} without a worktree`;
    if (place?.isMoving) return `the worktree of ${id} is half checked out`;
    if (place && place.branch !== null && place.branch !== branch && isAlive(state.kind))
      return `the worktree of ${id} is on ${place.branch}, recorded is ${branch}`;
  }
  const own = new Set(Object.values(instances).map(({ workspace_path }) => workspace_path));
  for (const path of git.worktrees.keys()) if (!own.has(path)) return `the worktree ${path} is nobody's`;
  const recorded = new Set([
    'main',
    // What was committed on the branch of an instance stays there, also when that is gone.
    ...events.flatMap(({ type, data }) =>
      type === 'instance.created' || type === 'instance.placed' ? [data.branch_name] : [],
    ),
    ...Object.values(tasks).flatMap((task) => runsOf(task).map(({ branch }) => branch)),
  ]);
  const [claim] = git.claims.keys();
  if (claim !== undefined) return `the branch ${claim} is still claimed`;
  for (const [name, { isUntouched }] of git.branches)
    if (isUntouched && !recorded.has(name)) return `the branch ${name} is nobody's`;
  return undefined;
};

const ENDED = ['done', 'failed', 'blocked', 'cancelled'];

/** Whether somebody has given it to an instance that is stopped by now: it waits until that is started again. */
const waitsForStopped = ({ state, pinned, assignee }: Task, { instances }: Pick<State, 'instances'>): boolean =>
  state === 'assigned' && pinned && ['stopped', 'failed', 'lost'].includes(instances[assignee ?? '']?.state.kind ?? '');

/** Whether nothing is to come of a task: it has ended, nobody asked for it, or it waits for one of which that holds and that is not done. */
export const hasEnded = (task: Task, world: Pick<State, 'tasks' | 'instances'>): boolean => {
  const { state, requested, dependencies } = task;
  return (
    ENDED.includes(state) ||
    waitsForStopped(task, world) ||
    (state === 'open' && !requested) ||
    (['open', 'assigned'].includes(state) &&
      dependencies.some((id) => {
        const before = world.tasks[id];
        return before !== undefined && before.state !== 'done' && hasEnded(before, world);
      }))
  );
};

/** Every task that was asked for has come to an end, and what is done is in the repository. */
const wrongWithTasks = ({ git, begun }: Machine, world: State): Wrong => {
  const { tasks } = world;
  for (const task of Object.values(tasks)) {
    const { id, state, run } = task;
    const most = runsOf(task).reduce((sum, { restarts }) => sum + 1 + restarts, 0);
    if ((begun.get(id) ?? 0) > most) return `${id} was taken up ${begun.get(id)} times, in ${most} runs and restarts`;
    if (!hasEnded(task, world)) return `${id} is ${state} in the end`;
    if (state !== 'done') continue;
    const head = run?.result?.head_commit ?? '';
    if (!git.has(head)) return `${id} is done, and its commit is not there`;
    if (!git.filesOf(head).has(`${id}.txt`)) return `${id} is done without its file`;
  }
  return undefined;
};

/** What is wrong once everything has come to rest. */
export const wrongInTheEnd = (
  machine: Machine,
  { events, state, said }: { events: readonly AppEvent[]; state: State; said: readonly Said[] },
): Wrong =>
  wrongInJournal(events, state) ??
  wrongWithSaid(events, said) ??
  wrongWithInstances(machine, state, events) ??
  wrongWithTasks(machine, state);
