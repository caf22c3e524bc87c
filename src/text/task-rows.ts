import { z } from 'zod';
import { shownLine } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import { reviewOf } from '../state/reviews.ts';
import { type Run, type Task, taskSchema } from '../state/tasks.ts';
import { isMergedWork, isTakenBack } from '../tasks/built-on.ts';
import { claimHolder } from '../tasks/claims.ts';
import { isMet, needWord } from '../tasks/gates.ts';
import { isRacing, raceWord } from '../tasks/race.ts';
import { isReady, isUnchecked, isUncheckedResult, taskPercent } from '../tasks/select.ts';
import { groupOf, isHeldBack } from '../tasks/task-groups.ts';
import { doneBy } from './wording.ts';
import type { Detail, Table, Tone } from './table.ts';

const TASK_TONE: Readonly<Record<Task['state'], Tone>> = {
  open: 'dim',
  assigned: 'busy',
  running: 'busy',
  verifying: 'busy',
  done: 'good',
  failed: 'bad',
  blocked: 'bad',
  cancelled: 'dim',
};

/** Why a task that could begin does not, where others have the files that it claims. */
const claimWord = (task: Task, state: State): string | undefined => {
  const holder = task.files && claimHolder(task, state);
  return holder && `blocked: claim on ${shownLine(holder.pattern)} of ${holder.task}`;
};

/** What became of a task that is done; the word of its agent alone is named as that. */
const doneWord = (task: Task): string => {
  const word = task.batch === null ? 'done' : 'merged';
  return isUnchecked(task) ? `${word}, unchecked` : word;
};

/** What an attempt came to that its task is not about any more. */
const pastWord = ({ id }: Task, { result, failure }: Run, state: State): string => {
  const work = result && { task: id, commit: result.head_commit };
  const unchecked = result && isUncheckedResult(result) ? ', unchecked' : '';
  if (work && isMergedWork(state, work)) return `merged${unchecked}`;
  if (failure) return failure.class === 'stopped' ? 'stopped' : `failed: ${failure.class}`;
  if (!work) return 'taken away';
  if (isTakenBack(state, work)) return 'rolled back';
  const sentBack = reviewOf(state.reviews, id).decisions.some(
    ({ kind, commit }) => kind === 'sent-back' && commit === work.commit,
  );
  return sentBack ? 'sent back' : `done${unchecked}`;
};

/** One that could begin: by itself as soon as an instance is free, or only when somebody asks for it; the screen says the same. */
const startableWord = (task: Task, state: State): string =>
  claimWord(task, state) ?? groupOf(task, state.tasks) ?? task.state;

/** Whether its agent is paused in the middle of it. */
const isPausedWork = ({ state: now, run }: Task, { instances }: Pick<State, 'instances'>): boolean =>
  now === 'running' && instances[run?.instance ?? '']?.state.kind === 'paused';

/** What people call a task's state: open ones are ready, queued or wait, failed ones say why; of one at work, that its agent is paused. */
export const taskWord = (task: Task, state: State): string => {
  if (isRacing(task)) return raceWord(task, state.tasks);
  if (task.archived && task.race_of === undefined && task.state === 'open') return 'archived';
  if (isHeldBack(task)) return 'held back';
  if (task.state === 'open' || task.state === 'assigned')
    return isReady({ ...task, state: 'open' }, state.tasks)
      ? startableWord(task, state)
      : `waits for ${task.dependencies
          .filter((need) => !isMet(need, state.tasks))
          .map((need) => needWord(need, state.tasks))
          .join(' ')}`;
  if (isPausedWork(task, state)) return 'paused';
  if (task.state === 'failed') return `failed: ${task.run?.failure?.class ?? 'unknown'}`;
  return task.state === 'done' ? doneWord(task) : task.state;
};

/** What an attempt of a task came to: the state of the task where that is about this attempt still. */
export const attemptWord = (task: Task, run: Run, state: State): string =>
  task.run === run ? taskWord(task, state) : pastWord(task, run, state);

/** A task with the word that people use for its state. */
export const taskRowSchema = taskSchema.extend({
  word: z.string().describe('The state in words: ready, queued, waits for 3.1, merged'),
  unchecked: z.boolean().describe('Whether it is done and no check has looked at it'),
  percent: z.number().int().describe('How far it is, 0 to 100; 100 only when it is done'),
});
type TaskRow = z.infer<typeof taskRowSchema>;

export const withWord = (task: Task, state: State): TaskRow => ({
  ...task,
  word: taskWord(task, state),
  unchecked: isUnchecked(task),
  percent: taskPercent(task),
});

const UNDER_WAY = ['running', 'verifying', 'done'];

/** How far a task is, where that says something: nothing of one that has not begun or has failed. */
export const percentText = (task: TaskRow): string => (UNDER_WAY.includes(task.state) ? `${task.percent}%` : '');

const detailsOf = (task: TaskRow): readonly Detail[] => [
  ['title', task.title],
  ['plan', task.spec ?? ''],
  ['group', task.group ?? ''],
  ['priority', task.priority],
  ['since', task.since],
  ['after', task.dependencies.join(', ')],
  ['check', task.check ?? ''],
  ['attempts', task.attempts === 0 ? '' : String(task.attempts)],
  ['branch', task.run ? `${task.run.branch}, by ${doneBy(task.run)}` : ''],
  ['failure', task.run?.failure?.message ?? ''],
  ['batch', task.batch ?? ''],
];

export const taskTable = (tasks: readonly TaskRow[]): Table => ({
  head: ['task', 'state', 'progress', 'instance', 'title'],
  rows: tasks.map((task) => [
    { text: task.id },
    { text: task.word, tone: TASK_TONE[task.state] },
    { text: percentText(task) },
    { text: task.assignee ?? task.run?.instance ?? '-' },
    { text: task.title },
  ]),
  least: ['progress', 'instance'],
  details: tasks.map(detailsOf),
  empty: 'No task.',
  next: [
    ['Import a plan', 'import spec PATH'],
    ['create one', 'create task "…"'],
  ],
});
