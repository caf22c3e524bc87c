import { saidId } from '../../protocol/say.ts';
import { shownLine } from '../../lib/text.ts';
import { TASK_MARKS, taskMark } from '../model/state-marks.ts';
import { reviewedRun } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { comingIn, isStartable } from '../../tasks/startable.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { waitingFor } from '../../tasks/select.ts';
import { isHeldBack, listedTasks, TASK_GROUPS, type TaskGroup } from '../../tasks/task-groups.ts';
import { fitWords, type Piece, widthOf } from '../widgets/pieces.ts';
import { startVerb } from './start-verb.ts';
import type { Tab, TabBody, TabContext, TabLine } from './tab.ts';
import { filterBody } from './tab-window.ts';
import { taskBoard } from './task-board.ts';
import { withNeeds } from './task-needs.ts';
import { assigneePieces, progressPieces, taskWaitsFor, TITLE_LEAST } from './task-pieces.ts';
import { scrollTimeline, taskTimeline } from './task-timeline.ts';
import { PLAN_QUERY, taskGraph } from './tasks-graph.ts';

const headOf = (group: TaskGroup, count: number): readonly Piece[] => [
  { ...TASK_MARKS[group].style, text: `${TASK_MARKS[group].glyph} ${group} ` },
  { text: String(count), dim: true },
];

const listLine = (task: Task, group: TaskGroup, context: TabContext): TabLine => {
  const { state, size } = context;
  const { glyph, style } = taskMark(task, state, group);
  const sign: readonly Piece[] = [
    { ...style, text: `  ${glyph} ` },
    { text: `${task.id} `.padEnd(7), bold: true },
  ];
  const behind: readonly Piece[] = [
    ...assigneePieces(task),
    { text: group === 'waiting' ? `  after ${taskWaitsFor(task, state)}` : '', dim: true },
  ];
  const right = progressPieces(task, group, context);
  const title = shownLine(task.title);
  // Who has it is not cut away by a title that goes on and on.
  const room = size.width - widthOf([...sign, ...behind, ...right]) - 1;
  return {
    id: task.id,
    text: [...sign, { text: title }, ...behind, ...right].map(({ text }) => text).join(''),
    pieces: [...sign, { text: room < TITLE_LEAST ? title : fitWords(title, room) }, ...behind],
    right,
  };
};

const list = (context: TabContext): TabBody => {
  const groups = listedTasks(context.state);
  const lines = TASK_GROUPS.flatMap((group): TabLine[] =>
    groups[group].length === 0
      ? []
      : [
          { pieces: headOf(group, groups[group].length), heading: true },
          ...groups[group].map((task) => listLine(task, group, context)),
        ],
  );
  return {
    columns: [{ title: [{ text: 'tasks', bold: true }], lines, weight: 1, empty: 'No task. Say: create task "…"' }],
  };
};

const MODES = [
  { name: 'board', body: taskBoard },
  { name: 'list', body: list },
  { name: 'graph', body: taskGraph },
  { name: 'timeline', body: taskTimeline },
] as const;

/** Whether a key is of use for the task that is selected. */
const forTask =
  (is: (task: Task, context: TabContext) => boolean) =>
  (context: TabContext, id: string | null): boolean => {
    const task = context.state.tasks[id ?? ''];
    return task !== undefined && is(task, context);
  };

/** Whether a task can be begun as things stand: what it waits for is done, or on its way. */
const canBegin = (task: Task, { state }: TabContext): boolean => {
  // What is asked for already begins by itself.
  const isAsked = task.state === 'open' && task.requested && !isHeldBack(task);
  const missing = isStartable(task) && !isAsked ? waitingFor(task, state.tasks) : null;
  return missing !== null && (missing.length === 0 || missing.every(comingIn(state)));
};

/** The tasks as a board by state, as a list, and as the graph of what waits for what. */
export const tasksTab: Tab = {
  modes: MODES.map(({ name }) => name),
  folds: ({ mode }) => {
    const name = MODES[mode]?.name;
    return name === 'timeline' ? ['closer', 'all the time'] : name === 'board' ? 'done' : null;
  },
  sideways: (context, by) => (MODES[context.own.mode]?.name === 'timeline' ? scrollTimeline(context, by) : undefined),
  queries: ({ own }) => (MODES[own.mode]?.name === 'graph' ? [{ text: PLAN_QUERY, everyMs: 2000 }] : []),
  body: (context) => {
    const { name, body } = MODES[context.own.mode] ?? MODES[0];
    if (name === 'timeline') return body(context);
    // What a filter leaves out is not selected.
    return withNeeds(filterBody(body(context), context.own.filter), context);
  },
  keys: [
    { action: 'open', help: 'show', command: (id) => `show task ${saidId(id)}` },
    {
      action: 'start',
      help: 'start',
      isOfUse: forTask(canBegin),
      command: (id, { state }) => `${startVerb(state.tasks[id])} task ${saidId(id)}`,
    },
    { action: 'brief', help: 'brief', command: (id) => `show brief ${saidId(id)}` },
    {
      action: 'review',
      help: 'review',
      isOfUse: forTask((task) => reviewedRun(task) !== undefined),
      press: ({ context: { own } }, id) => ({ own, review: id }),
    },
    {
      action: 'diff',
      help: 'diff',
      otherwise: 'nobody has begun this task: there is no work to show',
      command: (id, { state }) => {
        const task = state.tasks[id];
        return task && reviewedRun(task) ? `show diff ${saidId(id)}` : null;
      },
    },
    {
      action: 'merge',
      help: 'merge',
      isOfUse: forTask(isMergeable),
      otherwise: 'this task has no finished work to merge',
      command: (id, { state }) => (state.tasks[id]?.run?.result ? `merge branch ${saidId(id)}` : null),
    },
    {
      action: 'remove',
      help: 'cancel',
      isOfUse: forTask(({ state }) => state !== 'done' && state !== 'cancelled'),
      command: (id) => `cancel task ${saidId(id)}`,
    },
  ],
};
