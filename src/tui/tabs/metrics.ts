import { formatDuration } from '../../lib/duration.ts';
import { valuesOf } from '../../lib/records.ts';
import { shownLine } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import type { Task } from '../../state/tasks.ts';
import { plural } from '../../text/wording.ts';
import { STATS_QUERIES } from '../model/agent-stats.ts';
import { bar } from '../widgets/bar.ts';
import { agentsColumn, tookMs } from './metrics-agents.ts';
import { curveLines, swarmNumbers } from './metrics-swarm.ts';
import type { Tab, TabBody, TabColumn, TabContext, TabLine } from './tab.ts';
import { columnWidths } from './tab-window.ts';

const BAR = 10;
/** Two columns need so many cells; where there are fewer, all stands below each other. */
const NARROW = 72;
/** From this width on the slowest tasks have a column of their own. */
const WIDE = 240;
/** The shares of the columns: the swarm, its agents, the slowest tasks. */
const WEIGHTS = [4, 3, 3] as const;
/** So many of the tasks that took longest are named where there is hardly room. */
const SLOWEST = 5;

/** The tasks that took longest, as many as there is room for. */
const slowestTasks = ({ state }: TabContext, room: number): readonly { readonly task: Task; readonly ms: number }[] =>
  valuesOf(state.tasks)
    .flatMap((task) => (task.run?.result ? [{ task, ms: tookMs(task.run) }] : []))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, Math.max(SLOWEST, room));

const heading = (text: string): TabLine => ({ pieces: [{ text: ` ${text}`, dim: true }] });

/** The same below other lines, in as many as there is room for. */
const slowestLines = (context: TabContext, room: number): readonly TabLine[] => {
  const slowest = slowestTasks(context, room - 1);
  if (slowest.length === 0) return [];
  return [
    heading('slowest tasks'),
    ...slowest.map(
      ({ task, ms }): TabLine => ({
        pieces: [
          { text: formatDuration(ms).padStart(9) },
          { text: `  ${task.id} `, bold: true },
          { text: shownLine(task.title) },
        ],
      }),
    ),
  ];
};

/** The tasks that took longest in a column of their own, each with its share of the longest and whose it was. */
const slowestColumn = (context: TabContext): TabColumn => {
  const { state, size } = context;
  const slowest = slowestTasks(context, size.height);
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

const title = [{ text: 'swarm', bold: true }] as const;

/** All below each other. Nothing is selected, so that it begins with what matters and scrolls line by line. */
const oneColumn = (context: TabContext): TabBody => {
  const { width } = context.size;
  const agents = agentsColumn(context, width, 1);
  const lines = [
    ...swarmNumbers(context, width),
    heading('agents'),
    ...agents.lines.map(({ id: _id, chosen: _chosen, ...line }): TabLine => line),
    ...curveLines(context, { width, height: 0 }),
    ...slowestLines(context, 0),
  ];
  return { columns: [{ title, weight: 1, isText: true, lines }] };
};

const swarmColumn = (context: TabContext, width: number, isWide: boolean): TabColumn => {
  const { height } = context.size;
  const numbers = swarmNumbers(context, width);
  const room = height - numbers.length;
  const curves = curveLines(context, { width, height: isWide ? room : room - SLOWEST - 1 });
  const lines = [...numbers, ...curves];
  return {
    title,
    weight: isWide ? WEIGHTS[0] : 1,
    lines: isWide ? lines : [...lines, ...slowestLines(context, height - lines.length)],
  };
};

/** How much is done, how quickly, and by whom. */
export const metricsTab: Tab = {
  modes: [],
  queries: () => STATS_QUERIES,
  body: (context) => {
    const { width } = context.size;
    if (width < NARROW) return oneColumn(context);
    const isWide = width >= WIDE;
    const weights = isWide ? WEIGHTS : [1, 1];
    const [swarm = 0, agents = 0] = columnWidths(weights, width);
    return {
      columns: [
        swarmColumn(context, swarm, isWide),
        agentsColumn(context, agents, weights[1]!),
        ...(isWide ? [slowestColumn(context)] : []),
      ],
    };
  },
  keys: [
    {
      action: 'open',
      help: 'show',
      isOfUse: ({ size }) => size.width >= NARROW,
      command: (id) => `show instance ${saidId(id)}`,
    },
  ],
};
