import { needsOf } from '../../attention/needs.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { Instance } from '../../state/instances.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { totalTokens } from '../../state/usage.ts';
import { moneyText, tokensText } from '../../text/cost-rows.ts';
import type { ActivitySample } from '../model/activity-sampler.ts';
import { agentStatsOf, STATS_QUERIES, statPieces } from '../model/agent-stats.ts';
import { nameStyle } from '../model/instance-style.ts';
import { groupTasks } from '../../tasks/task-groups.ts';
import { bar } from '../widgets/bar.ts';
import type { Piece } from '../widgets/pieces.ts';
import { sparkline } from '../widgets/sparkline.ts';
import type { Tab, TabColumn, TabContext, TabLine } from './tab.ts';

const LABEL = 22;
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

const curve = (
  samples: readonly ActivitySample[],
  of: (sample: ActivitySample) => number,
  width: number,
  now?: number,
): Piece[] => {
  const values = samples.map(of);
  return [
    { text: sparkline(values, width), color: 'green' },
    { text: `  ${now ?? values.at(-1) ?? 0} now`, dim: true },
  ];
};

const swarmColumn = ({ state, now, samples, size }: TabContext): TabColumn => {
  const tasks = Object.values(state.tasks);
  const groups = groupTasks(state);
  const runs = runsOf(tasks);
  const good = runs.filter(({ result }) => result !== null);
  const failed = runs.filter(({ failure }) => failure !== null);
  const total = tasks.filter(({ state: kind }) => kind !== 'cancelled').length;
  const width = Math.max(10, Math.min(60, Math.floor(size.width / 2) - LABEL - 12));
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
      line('verified over time', { text: sparkline(throughput(runs, width, now), width), color: 'green' }),
      line('at work', ...curve(samples, (one) => one.working, width)),
      line('need you', ...curve(samples, (one) => one.needing, width, needsOf(state).needs.length)),
      line('a task takes', {
        text: usual === null ? 'not known yet' : `${formatDuration(usual)} (median of ${good.length})`,
      }),
      line(
        'runs',
        { text: `${good.length} verified` },
        { text: `, ${failed.length} failed`, ...(failed.length > 0 ? { color: 'red' } : {}) },
      ),
      line('claims that held', { text: share === null ? 'not known yet' : `${share}%` }),
      line('since the first run', { text: runs.length === 0 ? 'none yet' : formatDuration(now - first) }),
      line('merged', { text: String(tasks.filter(({ merge_commit }) => merge_commit !== null).length) }),
      line('tokens', { text: spent === 0 ? 'none told' : tokensText(spent) }),
      line('money', { text: spent === 0 ? 'none told' : moneyText(state.usage.swarm) }),
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
      { text: '  busy, verified, failed, what it takes', dim: true },
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
