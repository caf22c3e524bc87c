import { saidId } from '../../protocol/say.ts';
import { needsOf } from '../../attention/needs.ts';
import { leftTextInFull } from '../../attention/outlook.ts';
import { formatDuration } from '../../lib/duration.ts';
import { median } from '../../lib/median.ts';
import { valuesOf } from '../../lib/records.ts';
import { shownLine } from '../../lib/text.ts';
import { runsOf } from '../../state/runs.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { totalTokens } from '../../state/usage.ts';
import { moneyText, tokensText } from '../../text/cost-rows.ts';
import { plural } from '../../text/wording.ts';
import { STATS_QUERIES } from '../model/agent-stats.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { groupTasks, TASK_GROUPS } from '../../tasks/task-groups.ts';
import { bar } from '../widgets/bar.ts';
import type { Piece } from '../widgets/pieces.ts';
import { barRows } from '../widgets/bar-rows.ts';
import { agentsColumn, tookMs } from './metrics-agents.ts';
import { countIn, heldAt, leftAfter, scaleText, waitsOf, workStretches } from './metrics-curves.ts';
import type { Tab, TabColumn, TabContext, TabLine } from './tab.ts';
import { columnWidths } from './tab-window.ts';

const LABEL = 18;
/** Cells behind a curve for what is said of it. */
const SAID = 24;
const BAR = 10;
/** How many curves there are, how high one becomes at most, and how many lines stand beside them at least. */
const CURVES = 4;
const HIGHEST = 6;
const OTHER_LINES = 18;

/** From this width on the slowest tasks have a column of their own. */
const WIDE = 240;
/** The shares of the columns: the swarm, its agents, the slowest tasks. */
const WEIGHTS = [4, 3, 3] as const;

const line = (label: string, ...pieces: readonly Piece[]): TabLine => ({
  pieces: [{ text: ` ${label}`.padEnd(LABEL), dim: true }, ...pieces],
});

/** A curve of so many rows, what is said of it beside the highest. */
const curveRows = (
  label: string,
  values: readonly number[],
  { color, rows, says }: { readonly color: 'green' | 'yellow' | 'cyan'; readonly rows: number; readonly says: string },
): readonly TabLine[] =>
  // What never was needs no height.
  barRows(values, values.length, values.some((value) => value > 0) ? rows : 1).flatMap((text, row) => {
    if (row > 0) return [line('', { text, color })];
    // Curves of several rows would run into each other.
    const apart = rows === 1 ? [] : [line('')];
    return [...apart, line(label, { text, color }, { text: `  ${says}`, dim: true })];
  });

/** When all that is under way is done, as it was foretold. */
const etaText = ({ outlook }: TabContext): string => {
  const left = leftTextInFull(outlook);
  return left === '' ? '' : `, ${left}`;
};

/** The curves, all on one scale of time: from the first run until now. */
const curveLines = (
  context: TabContext,
  { runs, left, width }: { readonly runs: readonly Run[]; readonly left: number; readonly width: number },
): readonly TabLine[] => {
  const { state, now, size } = context;
  if (runs.length === 0) return [line('time', { text: 'nothing has run yet', dim: true })];
  const parts = Math.max(10, width - LABEL - SAID);
  const rows = Math.max(1, Math.min(HIGHEST, Math.floor((size.height - OTHER_LINES) / CURVES) - 1));
  const first = runs.reduce((least, run) => Math.min(least, Date.parse(run.started_at)), now);
  const scale = { first, now, parts };
  const done = countIn(
    runs.flatMap(({ result, ended_at }) => (result && ended_at !== null ? [Date.parse(ended_at)] : [])),
    scale,
  );
  const working = heldAt(workStretches(state, runs), scale);
  const waiting = heldAt(Object.values(state.instances).flatMap(waitsOf), scale);
  return [
    line('time', { text: scaleText(scale), dim: true }),
    ...curveRows('done', done, { color: 'green', rows, says: `${Math.max(...done)} a column at most` }),
    ...curveRows('left', leftAfter(done, left), { color: 'cyan', rows, says: `${left} now${etaText(context)}` }),
    ...curveRows('at work', working, { color: 'green', rows, says: `${working.at(-1)} now` }),
    ...curveRows('waiting for you', waiting, { color: 'yellow', rows, says: `${waiting.at(-1)} now` }),
  ];
};

/** So many of the tasks that took longest are named where there is hardly room. */
const SLOWEST = 5;

/** The tasks that took longest, as many as there is room for. */
const slowestTasks = (tasks: readonly Task[], room: number): readonly { readonly task: Task; readonly ms: number }[] =>
  tasks
    .flatMap((task) => (task.run?.result ? [{ task, ms: tookMs(task.run) }] : []))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, Math.max(SLOWEST, room));

const slowestLines = (tasks: readonly Task[], room: number): readonly TabLine[] =>
  slowestTasks(tasks, room).map(({ task, ms }, i) =>
    line(
      i === 0 ? 'slowest tasks' : '',
      { text: formatDuration(ms).padStart(7) },
      { text: `  ${task.id} `, bold: true },
      { text: shownLine(task.title) },
    ),
  );

/** The tasks that took longest in a column of their own, each with its share of the longest and whose it was. */
const slowestColumn = ({ state, size }: TabContext): TabColumn => {
  const slowest = slowestTasks(valuesOf(state.tasks), size.height);
  const most = Math.max(1, ...slowest.map(({ ms }) => ms));
  return {
    title: [
      { text: 'slowest tasks', bold: true },
      { text: `  of ${plural(valuesOf(state.tasks).filter(({ run }) => run?.result).length, 'task')}`, dim: true },
    ],
    weight: WEIGHTS[2],
    empty: 'Nothing is done yet.',
    lines: slowest.map(({ task, ms }) => ({
      pieces: [
        { text: `${formatDuration(ms).padStart(8)} ` },
        { text: `${bar(ms, most, BAR)} `, color: 'green' },
        { text: `${task.id} `, bold: true },
        { text: shownLine(task.title) },
      ],
      right: [{ text: ` ${task.run!.instance}`, dim: true }],
    })),
  };
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

const swarmColumn = (context: TabContext, width: number, isWide: boolean): TabColumn => {
  const { state, size } = context;
  const tasks = valuesOf(state.tasks);
  const groups = groupTasks(state);
  const total = TASK_GROUPS.reduce((sum, group) => sum + groups[group].length, 0);
  const runs = tasks.flatMap(runsOf);
  const good = runs.filter(({ result }) => result !== null);
  const failed = runs.filter(({ failure }) => failure !== null);
  const usual = median(good.map(tookMs));
  const spent = totalTokens(state.usage.swarm);
  const lines: readonly TabLine[] = [
    line(
      'tasks done',
      { text: `${bar(groups.done.length, total, BAR)} `, color: 'green' },
      { text: `${groups.done.length} of ${total}` },
    ),
    ...curveLines(context, { runs, left: total - groups.done.length, width }),
    line('need you', { text: `${needsOf(state).needs.length} now` }),
    line('a task takes', {
      text: usual === null ? 'not known yet' : `${formatDuration(usual)} (median of ${good.length})`,
    }),
    line(
      'runs',
      { text: `${good.length} done` },
      { text: `, ${failed.length} failed`, ...(failed.length > 0 ? { color: 'red' } : {}) },
    ),
    ...checkLines(runs, groups.done),
    line('merged', { text: String(tasks.filter(({ merge_commit }) => merge_commit !== null).length) }),
    line('tokens', { text: spent === 0 ? 'not reported' : tokensText(spent) }),
    line('money', { text: spent === 0 ? 'not reported' : moneyText(state.usage.swarm) }),
  ];
  return {
    title: [{ text: 'swarm', bold: true }],
    weight: isWide ? WEIGHTS[0] : 1,
    lines: isWide ? lines : [...lines, ...slowestLines(tasks, size.height - lines.length)],
  };
};

/** How much is done, how quickly, and by whom. */
export const metricsTab: Tab = {
  modes: [],
  queries: () => STATS_QUERIES,
  body: (context) => {
    const isWide = context.size.width >= WIDE;
    const weights = isWide ? WEIGHTS : [1, 1];
    const [swarm = 0, agents = 0] = columnWidths(weights, context.size.width);
    return {
      columns: [
        swarmColumn(context, swarm, isWide),
        agentsColumn(context, agents, weights[1]!),
        ...(isWide ? [slowestColumn(context)] : []),
      ],
    };
  },
  keys: [{ action: 'open', help: 'show', command: (id) => `show instance ${saidId(id)}` }],
};
