import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { dependants } from '../../tasks/select.ts';
import { ruleText } from '../../text/graph/graph-data.ts';
import { ruleBetween } from '../../text/order-text.ts';
import { taskWord } from '../../text/task-rows.ts';
import { taskMark } from '../model/state-marks.ts';
import { groupOf } from '../../tasks/task-groups.ts';
import type { TabBody, TabContext, TabLine } from './tab.ts';
import { endOfLine, selectedLine } from './tab-window.ts';

/** Lines for each direction: what is left over is counted. */
const MOST = 6;

type Side = { readonly sign: string; readonly ids: readonly string[]; readonly ruleOf: (id: string) => string | null };

const lineOf = (sign: string, id: string, rule: string | null, state: State): TabLine => {
  const { tasks } = state;
  const other = tasks[id];
  const mark = other && taskMark(other, state);
  const given = other && groupOf(other, tasks) === undefined ? `, ${taskWord(other, state)}` : '';
  return {
    pieces: [
      { text: `  ${sign} `, dim: true },
      ...(mark ? [{ ...mark.style, text: `${mark.glyph} ` }] : []),
      { text: id },
      { text: ` (${ruleText(rule)}) ${other ? `${shownLine(other.title)}${given}` : 'is not there'}`, dim: true },
    ],
  };
};

const linesOf = ({ sign, ids, ruleOf }: Side, state: State): readonly TabLine[] => [
  ...ids.slice(0, MOST).map((id) => lineOf(sign, id, ruleOf(id), state)),
  ...(ids.length > MOST ? [{ pieces: [{ text: `  ${sign} and ${ids.length - MOST} more`, dim: true }] }] : []),
];

/** What a task waits for and what waits for it, each with the rule that says so; what is not done yet comes first. */
const needLines = (task: Task, state: State): readonly TabLine[] => {
  const isDone = (id: string): boolean => state.tasks[id]?.state === 'done';
  const all = prerequisitesOf(task, state.tasks);
  const needs = [...all.filter((id) => !isDone(id)), ...all.filter(isDone)];
  const before: Side = { sign: 'after', ids: needs, ruleOf: (id) => ruleBetween(task, state.tasks[id] ?? { id }) };
  const ruleBehind = (id: string): string | null => ruleBetween(state.tasks[id]!, task);
  const after: Side = { sign: 'before', ids: dependants(task.id, state.tasks), ruleOf: ruleBehind };
  return [...linesOf(before, state), ...linesOf(after, state)];
};

/** The body with the dependencies of the selected task below its line. */
export const withNeeds = (body: TabBody, { state, own }: TabContext): TabBody => {
  const selected = selectedLine(body, own);
  const task = selected && state.tasks[selected.id];
  if (!task) return body;
  const lines = needLines(task, state);
  return {
    columns: body.columns.map((column, at) =>
      at === selected.column
        ? { ...column, lines: column.lines.toSpliced(endOfLine(column.lines, selected.index), 0, ...lines) }
        : column,
    ),
  };
};
