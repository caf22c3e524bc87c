import { saidId } from '../../protocol/say.ts';
import { needsOf } from '../../attention/needs.ts';
import { leftText } from '../../attention/outlook.ts';
import { formatDuration } from '../../lib/duration.ts';
import { valuesOf } from '../../lib/records.ts';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import { runsOf } from '../../state/runs.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { totalTokens } from '../../state/usage.ts';
import { moneyText, tokensText } from '../../text/cost-rows.ts';
import { plural } from '../../text/wording.ts';
import { agentStatsOf, STATS_QUERIES, statPieces } from '../model/agent-stats.ts';
import { nameStyle } from '../model/instance-style.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { groupTasks, TASK_GROUPS } from '../../tasks/task-groups.ts';
import { bar } from '../widgets/bar.ts';
import type { Piece } from '../widgets/pieces.ts';
import { sparkline } from '../widgets/sparkline.ts';
import { countIn, heldAt, leftAfter, scaleText, waitsOf, workStretches } from './metrics-curves.ts';
import type { Tab, TabColumn, TabContext, TabLine } from './tab.ts';

const LABEL = 18;
/** Cells behind a curve for what is said of it. */
const SAID = 24;
const BAR = 10;
/** How many cells of a line about an agent its numbers leave to the rest. */
const NAMED = 48;

const tookMs = ({ started_at, ended_at }: Run): number =>
  ended_at === null ? 0 : Math.max(0, Date.parse(ended_at) - Date.parse(started_at));

const median = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const line = (label: string, ...pieces: readonly Piece[]): TabLine => ({
  pieces: [{ text: ` ${label}`.padEnd(LABEL), dim: true }, ...pieces],
});

const curve = (values: readonly number[], color: 'green' | 'yellow' | 'cyan', says: string): Piece[] => [
  { text: sparkline(values, values.length), color },
  { text: `  ${says}`, dim: true },
];

/** When all that is under way is done, as it was foretold. */
const etaText = ({ outlook }: TabContext): string =>
  outlook.leftMs === null ? '' : `, ${leftText(outlook, outlook.leftMs)}`;

/** The curves, all on one scale of time: from the first run until now. */
const curveLines = (context: TabContext, runs: readonly Run[], left: number): readonly TabLine[] => {
  const { state, now, size } = context;
  if (runs.length === 0) return [line('time', { text: 'nothing has run yet', dim: true })];
  const parts = Math.max(10, Math.min(60, Math.floor(size.width / 2) - LABEL - SAID));
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
    line('done', ...curve(done, 'green', `${Math.max(...done)} a column at most`)),
    line('left', ...curve(leftAfter(done, left), 'cyan', `${left} now${etaText(context)}`)),
    line('at work', ...curve(working, 'green', `${working.at(-1)} now`)),
    line('waiting for you', ...curve(waiting, 'yellow', `${waiting.at(-1)} now`)),
  ];
};

/** So many of the tasks that took longest are named. */
const SLOWEST = 5;

const slowestLines = (tasks: readonly Task[]): readonly TabLine[] => {
  const all = tasks.flatMap((task) => (task.run?.result ? [{ task, ms: tookMs(task.run) }] : []));
  const slowest = all.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  return slowest.map(({ task, ms }, i) =>
    line(
      i === 0 ? 'slowest tasks' : '',
      { text: formatDuration(ms).padStart(7) },
      { text: `  ${task.id} `, bold: true },
      { text: shownLine(task.title) },
    ),
  );
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

const swarmColumn = (context: TabContext): TabColumn => {
  const { state } = context;
  const tasks = valuesOf(state.tasks);
  const groups = groupTasks(state);
  const total = TASK_GROUPS.reduce((sum, group) => sum + groups[group].length, 0);
  const runs = tasks.flatMap(runsOf);
  const good = runs.filter(({ result }) => result !== null);
  const failed = runs.filter(({ failure }) => failure !== null);
  const usual = median(good.map(tookMs));
  const spent = totalTokens(state.usage.swarm);
  return {
    title: [{ text: 'swarm', bold: true }],
    weight: 1,
    lines: [
      line(
        'tasks done',
        { text: `${bar(groups.done.length, total, BAR)} `, color: 'green' },
        { text: `${groups.done.length} of ${total}` },
      ),
      ...curveLines(context, runs, total - groups.done.length),
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
      ...slowestLines(tasks),
    ],
  };
};

/** The share of its lifetime in which an instance had a run. */
const busyShare = ({ instance_id, created_at }: Instance, runs: readonly Run[], now: number): number => {
  const own = runs.filter(({ instance }) => instance === instance_id);
  const ms = own.reduce(
    (sum, run) => sum + (run.ended_at === null ? Math.max(0, now - Date.parse(run.started_at)) : tookMs(run)),
    0,
  );
  return Math.min(1, ms / Math.max(1, now - Date.parse(created_at)));
};

const agentsColumn = ({ state, instances, now, answers, size }: TabContext): TabColumn => {
  const vitals = agentStatsOf(
    state,
    answers,
    instances.map(({ instance_id }) => instance_id),
  );
  const room = Math.floor(size.width / 2) - NAMED;
  const runs = valuesOf(state.tasks).flatMap(runsOf);
  return {
    title: [
      { text: 'agents', bold: true },
      { text: '  busy  done  failed  cost, processor, memory, tokens', dim: true },
    ],
    weight: 1,
    empty: 'No agent.',
    lines: instances.map((instance): TabLine => {
      const own = runs.filter((run) => run.instance === instance.instance_id);
      const share = busyShare(instance, runs, now);
      const failed = own.filter(({ failure }) => failure !== null).length;
      return {
        id: instance.instance_id,
        pieces: [
          { ...nameStyle(instance), text: ' ■ ' },
          { text: instance.instance_id.padEnd(14), bold: true },
          { text: `${bar(share, 1, BAR)} ${String(Math.round(share * 100)).padStart(3)}%  ` },
          { text: `✔ ${own.filter(({ result }) => result !== null).length}  `, color: 'green' },
          { text: failed > 0 ? `✖ ${failed}  ` : '', color: 'red' },
        ],
        right: statPieces(vitals.get(instance.instance_id)!, room).slice(0, -1),
      };
    }),
  };
};

/** How much is done, how quickly, and by whom. */
export const metricsTab: Tab = {
  modes: [],
  queries: () => STATS_QUERIES,
  body: (context) => ({ columns: [swarmColumn(context), agentsColumn(context)] }),
  keys: [{ action: 'open', help: 'show', command: (id) => `show instance ${saidId(id)}` }],
};
