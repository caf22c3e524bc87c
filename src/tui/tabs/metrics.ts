import { needsOf } from '../../attention/needs.ts';
import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { totalTokens } from '../../state/usage.ts';
import { moneyText, tokensText } from '../../text/cost-rows.ts';
import { agentStatsOf, STATS_QUERIES, statPieces } from '../model/agent-stats.ts';
import { nameStyle } from '../model/instance-style.ts';
import { groupTasks, TASK_GROUPS } from '../../tasks/task-groups.ts';
import { bar } from '../widgets/bar.ts';
import type { Piece } from '../widgets/pieces.ts';
import { sparkline } from '../widgets/sparkline.ts';
import type { Tab, TabColumn, TabContext, TabLine } from './tab.ts';

const LABEL = 22;
/** Cells behind a curve for what is said of it. */
const SAID = 24;
const BAR = 10;
/** How many cells of a line about an agent its numbers leave to the rest. */
const NAMED = 48;

const runsOf = (tasks: readonly Task[]): readonly Run[] =>
  tasks.flatMap(({ history, run }) => [...history, ...(run ? [run] : [])]);

const tookMs = ({ started_at, ended_at }: Run): number =>
  ended_at === null ? 0 : Math.max(0, Date.parse(ended_at) - Date.parse(started_at));

const median = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const line = (label: string, ...pieces: readonly Piece[]): TabLine => ({
  pieces: [{ text: ` ${label}`.padEnd(LABEL), dim: true }, ...pieces],
});

/** The fields of a run that say whether it ended well, and when; times are ISO 8601. */
type FinishedRun = Pick<Run, 'started_at' | 'ended_at'> & { readonly result: object | null };

/** How many tasks were verified in each of so many equal parts of the time since the first run. */
export const throughput = (runs: readonly FinishedRun[], parts: number, now: number): readonly number[] => {
  const ends = runs.flatMap((run) => (run.result && run.ended_at !== null ? [Date.parse(run.ended_at)] : []));
  const first = Math.min(...runs.map((run) => Date.parse(run.started_at)), now);
  const counts = Array.from({ length: parts }, () => 0);
  const part = Math.max(1, now - first) / parts;
  for (const end of ends) counts[Math.min(parts - 1, Math.max(0, Math.floor((end - first) / part)))]! += 1;
  return counts;
};

/** How many of these stretches of time (milliseconds) overlap in each of so many equal parts from a moment on. */
export const overlaps = (
  stretches: readonly (readonly [from: number, to: number])[],
  parts: number,
  [first, now]: readonly [number, number],
): readonly number[] => {
  const part = Math.max(1, now - first) / parts;
  const indexOf = (time: number): number => Math.min(parts - 1, Math.max(0, Math.floor((time - first) / part)));
  const counts = Array.from({ length: parts }, () => 0);
  for (const [from, to] of stretches) for (let i = indexOf(from); i <= indexOf(to); i += 1) counts[i]! += 1;
  return counts;
};

/** How many tasks were left at the end of each of so many parts, those included that are left now. */
const leftOver = (done: readonly number[], left: number): readonly number[] => {
  const total = done.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return done.map((count) => {
    before += count;
    return left + total - before;
  });
};

const clock = (time: number): string => new Date(time).toTimeString().slice(0, 5);

const curve = (values: readonly number[], color: 'green' | 'yellow' | 'cyan', says: string): Piece[] => [
  { text: sparkline(values, values.length), color },
  { text: `  ${says}`, dim: true },
];

/** When agents waited for a person, as far as it is remembered. */
const waits = ({ instances }: TabContext['state'], now: number): readonly (readonly [number, number])[] =>
  Object.values(instances).flatMap(({ transitions }) =>
    transitions.flatMap(({ kind, since }, i): (readonly [number, number])[] =>
      kind === 'waiting' ? [[Date.parse(since), Date.parse(transitions[i + 1]?.since ?? '') || now]] : [],
    ),
  );

/** The curves, all on one scale of time: from the first run until now. */
const curveLines = ({ state, now, size, outlook }: TabContext, runs: readonly Run[]): readonly TabLine[] => {
  const width = Math.max(10, Math.min(60, Math.floor(size.width / 2) - LABEL - SAID));
  const first = Math.min(...runs.map((run) => Date.parse(run.started_at)), now);
  const scale = [first, now] as const;
  const groups = groupTasks(state);
  const total = TASK_GROUPS.reduce((sum, group) => sum + groups[group].length, 0);
  const left = total - groups.done.length;
  const worked = runs.map((run) => [Date.parse(run.started_at), Date.parse(run.ended_at ?? '') || now] as const);
  const working = Object.values(state.instances).filter(({ state: { kind } }) => AT_WORK.has(kind)).length;
  const done = throughput(runs, width, now);
  const leftMs = outlook.leftMs === null ? 0 : Math.max(0, outlook.leftMs - (now - outlook.at));
  const eta = leftMs === 0 ? '' : `, done in ≈${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`;
  const each = formatDuration(Math.max(1000, Math.round((now - first) / width)));
  return [
    line('time', { text: `${clock(first)} to ${clock(now)}, a cell is ${each}`, dim: true }),
    line('verified', ...curve(done, 'green', `${Math.max(0, ...done)} at most per cell`)),
    line('left', ...curve(leftOver(done, left), 'cyan', `${left} now${eta}`)),
    line('at work', ...curve(overlaps(worked, width, scale), 'green', `${working} now`)),
    line(
      'need you',
      ...curve(overlaps(waits(state, now), width, scale), 'yellow', `${needsOf(state).needs.length} now`),
    ),
  ];
};

const AT_WORK: ReadonlySet<string> = new Set(['working', 'verifying']);
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

const swarmColumn = (context: TabContext): TabColumn => {
  const { state, now } = context;
  const tasks = Object.values(state.tasks);
  const groups = groupTasks(state);
  const runs = runsOf(tasks);
  const good = runs.filter(({ result }) => result !== null);
  const failed = runs.filter(({ failure }) => failure !== null);
  const total = tasks.filter(({ state: kind }) => kind !== 'cancelled').length;
  const usual = median(good.map(tookMs));
  const first = Math.min(...runs.map((run) => Date.parse(run.started_at)));
  const spent = totalTokens(state.usage.swarm);
  const share = runs.length === 0 ? null : Math.round((good.length / Math.max(1, good.length + failed.length)) * 100);
  return {
    title: [{ text: 'swarm', bold: true }],
    weight: 1,
    lines: [
      line(
        'tasks done',
        { text: `${bar(groups.done.length, total, BAR)} `, color: 'green' },
        { text: `${groups.done.length} of ${total}` },
      ),
      ...curveLines(context, runs),
      line('a task takes', {
        text: usual === null ? 'not known yet' : `${formatDuration(usual)} (median of ${good.length})`,
      }),
      line(
        'runs',
        { text: `${good.length} verified` },
        { text: `, ${failed.length} failed`, ...(failed.length > 0 ? { color: 'red' } : {}) },
      ),
      line('passed the check', { text: share === null ? 'not known yet' : `${share}% of runs` }),
      line('since the first run', { text: runs.length === 0 ? 'none yet' : formatDuration(now - first) }),
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
    (sum, run) => sum + (run.ended_at === null ? now - Date.parse(run.started_at) : tookMs(run)),
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
  const runs = runsOf(Object.values(state.tasks));
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
  keys: [{ action: 'open', help: 'show', command: (id) => `show instance ${id}` }],
};
