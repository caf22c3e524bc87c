import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isMet, needWord } from '../../tasks/gates.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { ageOf } from '../model/relative-times.ts';
import { TASK_MARKS } from '../model/state-marks.ts';
import { groupTasks, TASK_GROUPS, type TaskGroup } from '../../tasks/task-groups.ts';
import { bar } from '../widgets/bar.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { Tab, TabBody, TabColumn, TabContext, TabLine } from './tab.ts';
import { withNeeds } from './task-needs.ts';
import { PLAN_QUERY, taskGraph } from './tasks-graph.ts';

const BAR = 6;
/** Cells of a progress bar on a card, beside the name of the agent. */
const SHORT_BAR = 4;

/** Who has the task. */
const assignee = ({ assignee: who }: Task): readonly Piece[] =>
  who === null ? [] : [{ text: ` → ${who}`, color: 'cyan' }];

const howFar = (task: Task, group: TaskGroup, now: number, cells = BAR): readonly Piece[] => {
  const { run } = task;
  if (group === 'running' && run)
    return [
      { text: `${bar(run.progress, 100, cells)} ${Math.round(run.progress)}% ` },
      { text: `${ageOf(run.started_at, now)} `, dim: true },
    ];
  if (group === 'failed' && run?.failure) return [{ text: `${run.failure.class} `, color: 'red' }];
  if (group === 'done')
    return [
      { text: isUnchecked(task) ? 'unchecked ' : '' },
      { text: task.merge_commit === null ? '' : 'merged ', dim: true },
    ];
  return [];
};

/** The tasks that a task waits for before it can be handed out. */
const waitsFor = (task: Task, { tasks }: State): string =>
  task.dependencies
    .filter((need) => !isMet(need, tasks))
    .map((need) => needWord(need, tasks))
    .join(', ');

const cardOf = (task: Task, group: TaskGroup, { state, now }: TabContext): readonly TabLine[] => {
  const mark = TASK_MARKS[group];
  const waits = group === 'waiting' ? waitsFor(task, state) : '';
  const far = howFar(task, group, now, SHORT_BAR);
  const below = [...assignee(task), ...(far.length > 0 ? [{ text: ' ' }, ...far] : [])];
  return [
    {
      id: task.id,
      pieces: [
        { ...mark.style, text: `${mark.glyph} ` },
        { text: `${task.id} `, bold: true },
        { text: shownLine(task.title) },
      ],
    },
    ...(below.length > 0 ? [{ pieces: [{ text: ' ' }, ...below] }] : []),
    ...(waits === '' ? [] : [{ pieces: [{ text: `  after ${waits}`, dim: true }] }]),
  ];
};

const headOf = (group: TaskGroup, count: number): readonly Piece[] => [
  { ...TASK_MARKS[group].style, text: `${TASK_MARKS[group].glyph} ${group} ` },
  { text: String(count), dim: true },
];

/** Which states share a column where there is no room for each. */
const NARROW_BOARD: readonly (readonly TaskGroup[])[] = [
  ['running', 'failed', 'blocked'],
  ['ready', 'queued', 'waiting'],
  ['done'],
];
const WIDE_BOARD: readonly (readonly TaskGroup[])[] = [
  ['running'],
  ['ready', 'queued'],
  ['waiting'],
  ['failed', 'blocked'],
  ['done'],
];
const WIDE = 130;

const board = (context: TabContext): TabBody => {
  const groups = groupTasks(context.state);
  const shared = context.size.width >= WIDE ? WIDE_BOARD : NARROW_BOARD;
  return {
    columns: shared.map((names): TabColumn => {
      const [first] = names;
      const lines = names.flatMap((name, i) => {
        const cards = groups[name].flatMap((task) => cardOf(task, name, context));
        return i === 0 || cards.length === 0
          ? cards
          : [{ pieces: headOf(name, groups[name].length), heading: true }, ...cards];
      });
      return { title: headOf(first!, groups[first!].length), lines, weight: 1, empty: 'none' };
    }),
  };
};

const list = (context: TabContext): TabBody => {
  const { state, now } = context;
  const groups = groupTasks(state);
  const lines = TASK_GROUPS.flatMap((group): TabLine[] =>
    groups[group].length === 0
      ? []
      : [
          { pieces: headOf(group, groups[group].length), heading: true },
          ...groups[group].map(
            (task): TabLine => ({
              id: task.id,
              pieces: [
                { ...TASK_MARKS[group].style, text: `  ${TASK_MARKS[group].glyph} ` },
                { text: `${task.id} `.padEnd(7), bold: true },
                { text: shownLine(task.title) },
                ...assignee(task),
                { text: group === 'waiting' ? `  after ${waitsFor(task, state)}` : '', dim: true },
              ],
              right: howFar(task, group, now),
            }),
          ),
        ],
  );
  return {
    columns: [{ title: [{ text: 'tasks', bold: true }], lines, weight: 1, empty: 'No task. Say: create task "…"' }],
  };
};

const MODES = [
  { name: 'board', body: board },
  { name: 'list', body: list },
  { name: 'graph', body: taskGraph },
] as const;

/** The tasks as a board by state, as a list, and as the graph of what waits for what. */
export const tasksTab: Tab = {
  modes: MODES.map(({ name }) => name),
  queries: ({ own }) => (MODES[own.mode]?.name === 'graph' ? [{ text: PLAN_QUERY, everyMs: 2000 }] : []),
  body: (context) => withNeeds((MODES[context.own.mode] ?? MODES[0]).body(context), context),
  keys: [
    { keys: ['enter'], label: 'Enter', help: 'show', command: (id) => `show task ${id}` },
    {
      keys: ['r'],
      label: 'r',
      help: 'run',
      command: (id, { state }) => `${state.tasks[id]?.state === 'failed' ? 'retry' : 'run'} task ${id}`,
    },
    { keys: ['b'], label: 'b', help: 'brief', command: (id) => `show brief ${id}` },
    { keys: ['R'], label: 'R', help: 'review', press: ({ context: { own } }, id) => ({ own, review: id }) },
    { keys: ['d'], label: 'd', help: 'diff', command: (id) => `show diff ${id}` },
    {
      keys: ['m'],
      label: 'm',
      help: 'merge',
      command: (id, { state }) => (state.tasks[id]?.run?.result ? `merge branch ${id}` : null),
    },
    { keys: ['x'], label: 'x', help: 'cancel', command: (id) => `cancel task ${id}` },
  ],
};
