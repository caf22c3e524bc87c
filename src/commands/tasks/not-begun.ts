import { someOf } from '../../lib/names.ts';
import { saidId, saidIds } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { claimHolder } from '../../tasks/claims.ts';
import { lostAfter, lostAfterText } from '../../tasks/lost-after.ts';
import { pinnedTo } from '../../tasks/may-do.ts';
import { waitingFor } from '../../tasks/select.ts';
import { strandedBehind } from '../../tasks/stranded.ts';

/** So many tasks are named one by one in a sentence. */
export const MOST_NAMED = 5;

/** The first of these tasks by their ids, and how many more there are. */
export const named = (tasks: readonly Task[]): string =>
  someOf(
    tasks.map(({ id }) => id),
    MOST_NAMED,
  );

/** Those of these tasks, and of what they still wait for, that are held back. */
export const heldAmong = (tasks: Tasks, ids: readonly string[]): readonly Task[] => {
  const met = new Set(ids);
  for (const id of met) for (const before of tasks[id] ? waitingFor(tasks[id], tasks) : []) met.add(before);
  return [...met].flatMap((id) => (tasks[id]?.held ? [tasks[id]] : []));
};

/** Why nothing comes of a task as things stand. */
const overWord = ({ archived, state }: Task): string => (archived ? 'archived' : state === 'open' ? 'not run' : state);

/** Those of these tasks that do not begin because of what they wait for, and a sentence that names it. */
export const strandedAmong = (
  tasks: Tasks,
  ids: readonly string[],
): { readonly stranded: readonly Task[]; readonly text: string } => {
  const { isOver, isStranded } = strandedBehind(tasks, ids);
  const stranded = ids.filter(isStranded).map((id) => tasks[id]!);
  if (stranded.length === 0) return { stranded, text: '' };
  const met = new Set(stranded.map(({ id }) => id));
  for (const id of met)
    if (!isOver.has(id)) for (const before of tasks[id] ? waitingFor(tasks[id], tasks) : []) met.add(before);
  const culprits = [...met].filter((id) => isOver.has(id)).map((id) => `${id} (${overWord(tasks[id]!)})`);
  const [does, waits] = stranded.length === 1 ? ['does', 'it waits'] : ['do', 'they wait'];
  return { stranded, text: ` ${named(stranded)} ${does} not begin: ${waits} for ${someOf(culprits, MOST_NAMED)}.` };
};

/** Which of these tasks, that somebody has been given, do not begin at once, and what they wait for. */
export const waitingText = (tasks: Tasks, ids: readonly string[]): string => {
  const { stranded, text } = strandedAmong(tasks, ids);
  const behind = new Set(stranded.map(({ id }) => id));
  const later = ids.flatMap((id) => {
    const before = tasks[id] && !behind.has(id) ? waitingFor(tasks[id], tasks) : [];
    const are = before.length === 1 ? 'is' : 'are';
    return before.length === 0 ? [] : [`${id} begins when ${someOf(before, MOST_NAMED)} ${are} done`];
  });
  return `${text}${later.length === 0 ? '' : ` ${someOf(later, MOST_NAMED)}.`}`;
};

/** Which of these tasks nobody begins because they are held back, and the command that releases them. */
export const heldText = (tasks: readonly Task[]): string => {
  const held = tasks.filter((task) => task.held);
  if (held.length === 0) return '';
  const [is, them, noun] = held.length === 1 ? ['is', 'it', 'task'] : ['are', 'them', 'tasks'];
  const all = saidIds(held.map(({ id }) => id));
  return ` ${named(held)} ${is} held back: to let ${them} begin, say: resume ${noun} ${all}`;
};

/** Which of these tasks do not begin yet because others are at work on files that they claim. */
export const claimedText = (state: State, tasks: readonly Task[]): string => {
  const held = tasks.flatMap((task) => {
    const holder = claimHolder(task, state)?.task;
    return holder === undefined ? [] : [{ task, holder }];
  });
  if (held.length === 0) return '';
  const waiting = held.map(({ task }) => task);
  const holders = [...new Set(held.map(({ holder }) => holder))];
  const [wait, have] = [waiting.length === 1 ? 'waits' : 'wait', holders.length === 1 ? 'has' : 'have'];
  return ` ${named(waiting)} ${wait} for files that ${someOf(holders, MOST_NAMED)} ${have}.`;
};

/** Which tasks are left out because instances were lost to them, and how they are run all the same. */
export const leftAloneText = (state: State, tasks: readonly Task[]): string => {
  const all = tasks.map((task) => `${task.id} is left out, because ${lostAfterText(lostAfter(state, task))}`);
  if (all.length === 0) return '';
  const [noun, it] = tasks.length === 1 ? ['task', 'it'] : ['tasks', 'them'];
  const ids = saidIds(tasks.map(({ id }) => id));
  return ` ${someOf(all, MOST_NAMED)}. To have ${it} tried all the same, say: retry ${noun} ${ids}`;
};

/** When these tasks begin, which somebody asks for while no task starts. */
export const pausedText = (ids: readonly string[]): string =>
  ` The swarm is paused: ${someOf(ids, MOST_NAMED)} ${ids.length === 1 ? 'begins' : 'begin'} after "resume swarm".`;

/**
 * Whether a task that is asked for is handed to nobody by itself, because that is left to people. One that has ended is
 * opened again, and pinned to nobody then.
 */
export const awaitsHand = (task: Task, { plan }: Pick<Settings, 'plan'>): boolean =>
  plan.strategy === 'manual' && (task.state !== 'open' || pinnedTo(task) === null);

/** Which of these tasks wait until somebody assigns them, and the command for it. */
export const byHandText = (tasks: readonly Task[], settings: Pick<Settings, 'plan'>): string => {
  const left = tasks.filter((task) => !task.held && awaitsHand(task, settings));
  const [first] = left;
  if (!first) return '';
  const [waits, them] = left.length === 1 ? ['waits', 'it'] : ['wait', 'them'];
  return ` ${named(left)} ${waits} for somebody to assign ${them}, because plan.strategy is manual: assign task ${saidId(first.id)} to …`;
};
