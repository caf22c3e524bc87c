import { needsOf } from '../../attention/needs.ts';
import { leftSentences } from '../../attention/outlook.ts';
import { formatDuration } from '../../lib/duration.ts';
import { median } from '../../lib/median.ts';
import { valuesOf } from '../../lib/records.ts';
import { allKnownFrom } from '../../state/asides.ts';
import { isFailedRun, isGoodRun, runsOf } from '../../state/runs.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { totalTokens } from '../../state/usage.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { groupTasks, TASK_GROUPS } from '../../tasks/task-groups.ts';
import { moneyText, tokensText } from '../../text/cost-rows.ts';
import { plural } from '../../text/wording.ts';
import { bar } from '../widgets/bar.ts';
import { barRows } from '../widgets/bar-rows.ts';
import type { Piece } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import { tookMs } from './metrics-agents.ts';
import { countIn, heldAt, leftAfter, scaleText, waitsOf, workStretches } from './metrics-curves.ts';
import type { TabContext, TabLine } from './tab.ts';

const LABEL = 18;
/** Cells behind a curve for what is said of it. */
const SAID = 13;
const BAR = 10;
/** Cells that a curve has at least, and rows that it has at most. */
const LEAST = 10;
const HIGHEST = 12;
/** How many curves there are. */
const CURVES = 4;

const line = (label: string, ...pieces: readonly Piece[]): TabLine => ({
  pieces: [{ text: ` ${label}`.padEnd(LABEL), dim: true }, ...pieces],
});

type Curve = {
  readonly label: string;
  readonly color: 'green' | 'yellow' | 'cyan';
  readonly values: readonly number[];
  readonly says: string;
};

/** A curve, what is said of it beside the highest row. It has no more rows than it counts things: one thing is no tall block. */
const curveRows = ({ label, color, values, says }: Curve, room: number): readonly TabLine[] => {
  const rows = Math.max(1, Math.min(room, Math.max(...values)));
  const drawn = barRows(values, values.length, rows).map((text, row) =>
    row > 0 ? line('', { text, color }) : line(label, { text, color }, { text: `  ${says}`, dim: true }),
  );
  // Curves of several rows would run into each other.
  return rows === 1 ? drawn : [{ pieces: [] }, ...drawn];
};

const curvesOf = (
  { state, now }: TabContext,
  { runs, left, width }: { readonly runs: readonly Run[]; readonly left: number; readonly width: number },
) => {
  const parts = Math.max(LEAST, width - LABEL - SAID);
  const first = runs.reduce((least, run) => Math.min(least, Date.parse(run.started_at)), now);
  const scale = { first, now, parts };
  const done = countIn(
    runs.filter(isGoodRun).flatMap(({ ended_at }) => (ended_at === null ? [] : [Date.parse(ended_at)])),
    scale,
  );
  const working = heldAt(workStretches(state, runs), scale);
  const waiting = heldAt(Object.values(state.instances).flatMap(waitsOf), scale);
  const curves: readonly Curve[] = [
    { label: 'done', color: 'green', values: done, says: `at most ${Math.max(...done)}` },
    { label: 'left', color: 'cyan', values: leftAfter(done, left), says: `${left} now` },
    { label: 'at work', color: 'green', values: working, says: `${working.at(-1)} now` },
    { label: 'waiting for you', color: 'yellow', values: waiting, says: `${waiting.at(-1)} now` },
  ];
  return { scale, curves };
};

/** The curves in so many cells and rows, all on one scale of time: from the first run until now. */
export const curveLines = (
  context: TabContext,
  { width, height }: { readonly width: number; readonly height: number },
): readonly TabLine[] => {
  const tasks = valuesOf(context.state.tasks);
  const runs = tasks.flatMap(runsOf);
  if (runs.length === 0) return [line('over time', { text: 'nothing has run yet', dim: true })];
  const groups = groupTasks(context.state);
  const left = TASK_GROUPS.reduce((sum, group) => (group === 'done' ? sum : sum + groups[group].length), 0);
  const { scale, curves } = curvesOf(context, { runs, left, width });
  const rows = Math.max(1, Math.min(HIGHEST, Math.floor((height - 1) / CURVES) - 1));
  return [
    { pieces: [{ text: ` over time  ${scaleText(scale, allKnownFrom(context.state.instances))}`, dim: true }] },
    ...curves.flatMap((curve) => curveRows(curve, rows)),
  ];
};

/** How many of the runs that were checked passed it, and what no check has looked at. */
const checkLines = (runs: readonly Run[], done: readonly Task[]): readonly TabLine[] => {
  const passed = runs.filter(({ result }) => result !== null && result.check_ms > 0).length;
  const refused = runs.filter(({ failure }) => failure?.class === 'check').length;
  const checked = passed + refused;
  const share = checked === 0 ? 0 : Math.round((passed / checked) * 100);
  const unchecked = done.filter(isUnchecked).length;
  return [
    line('passed the check', {
      text: checked === 0 ? 'nothing was checked' : `${passed} of ${plural(checked, 'run')}, ${share}%`,
    }),
    ...(unchecked === 0 ? [] : [line('done, unchecked', { text: plural(unchecked, 'task'), color: 'yellow' })]),
  ];
};

/** The numbers of the swarm in so many cells, those first that a person looks for: a small screen has no room for more. */
export const swarmNumbers = ({ state, outlook }: TabContext, width: number): readonly TabLine[] => {
  const tasks = valuesOf(state.tasks);
  const groups = groupTasks(state);
  const total = TASK_GROUPS.reduce((sum, group) => sum + groups[group].length, 0);
  const runs = tasks.flatMap(runsOf);
  const good = runs.filter(isGoodRun);
  const failed = runs.filter(isFailedRun);
  const usual = median(good.map(tookMs));
  const spent = totalTokens(state.usage.swarm);
  return [
    line(
      'tasks done',
      { text: `${bar(groups.done.length, total, BAR)} `, color: 'green' },
      { text: `${groups.done.length} of ${total}` },
    ),
    line('need you', { text: `${needsOf(state).needs.length} now` }),
    ...leftSentences(outlook)
      .flatMap((sentence) => wrapLines([sentence], width - LABEL))
      .map((text, i) => line(i === 0 ? 'time' : '', { text: text.trimStart() })),
    line('money', { text: spent === 0 ? 'not reported' : moneyText(state.usage.swarm) }),
    line('tokens', { text: spent === 0 ? 'not reported' : tokensText(spent) }),
    line('a task takes', {
      text: usual === null ? 'not known yet' : `${formatDuration(usual)} (median of ${good.length})`,
    }),
    line(
      'runs',
      { text: `${good.length} done` },
      { text: `, ${failed.length} failed`, ...(failed.length > 0 ? { color: 'red' } : {}) },
    ),
    ...checkLines(runs, groups.done),
    line('tasks merged', { text: String(tasks.filter(({ merge_commit }) => merge_commit !== null).length) }),
  ];
};
