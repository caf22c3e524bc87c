import { valuesOf } from '../../lib/records.ts';
import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import { isFailedRun, isGoodRun, runsOf } from '../../state/runs.ts';
import type { Run } from '../../state/tasks.ts';
import { heldUpSince, workedMs } from '../../state/worked.ts';
import { agentStatsOf, statPieces } from '../model/agent-stats.ts';
import { currentTask } from '../model/instance-list.ts';
import { nameStyle } from '../model/instance-style.ts';
import { lastWork } from '../panes/last-work.ts';
import { bar } from '../widgets/bar.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import type { TabColumn, TabContext, TabLine } from './tab.ts';

const BAR = 10;
/** In a column of fewer cells the numbers of an agent stand without a bar. */
const WITH_BAR = 60;
/** Cells of a name, so that what comes behind the names stands below each other. */
const NAME = 14;

/** How long a run was worked on, without the time in which its agent stood still; 0 while it goes on. */
export const tookMs = (run: Run): number => (run.ended_at === null ? 0 : workedMs(run, Date.parse(run.ended_at)));

/** The share of its lifetime in which an instance was at a run, and did not stand still in it. */
const busyShare = (instance: Instance, own: readonly Run[], now: number): number => {
  const heldSince = heldUpSince(instance);
  const ms = own.reduce(
    (sum, run) =>
      sum +
      (run.ended_at === null
        ? workedMs(run, heldSince === null ? now : Math.min(now, Date.parse(heldSince)))
        : tookMs(run)),
    0,
  );
  return Math.min(1, ms / Math.max(1, now - Date.parse(instance.created_at)));
};

/** What a task of an agent takes, and what it is at or did last. */
const workLine = (
  instance: Instance,
  { done, usd }: { readonly done: readonly Run[]; readonly usd: number | null },
  { state }: TabContext,
): TabLine => {
  const task = currentTask(instance, state.tasks);
  const at: readonly Piece[] = task
    ? [{ text: `${task.id} ${shownLine(task.title)}`, dim: true }]
    : lastWork(instance.instance_id, state.tasks);
  const each = done.length === 0 ? 0 : done.reduce((sum, run) => sum + tookMs(run), 0) / done.length;
  const cost = usd === null || usd === 0 || done.length === 0 ? '' : `, $${(usd / done.length).toFixed(3)}`;
  const said = done.length === 0 ? '' : `${formatDuration(each)}${cost} a task`;
  return { pieces: [{ text: '   ' }, ...at], ...(said === '' ? {} : { right: [{ text: said, dim: true }] }) };
};

/** What stands between the name of an agent and its numbers: the share of its time at work, and what became of its runs. */
const didPieces = (
  { busy, done, failed }: { readonly busy: number; readonly done: number; readonly failed: number },
  width: number,
): readonly Piece[] => [
  { text: `${width < WITH_BAR ? '' : `${bar(busy, 1, BAR)} `}${String(Math.round(busy * 100)).padStart(3)}%  ` },
  { text: `✔ ${done}  `, color: 'green' },
  { text: failed > 0 ? `✖ ${failed}  ` : '', color: 'red' },
];

const NOTHING = { changed: null, cpuPercent: null, memoryMb: null, tokens: null } as const;

/** How much each agent did and what it costs, in so many cells; with what it is at where there is a row for that. */
export const agentsColumn = (context: TabContext, width: number, weight: number): TabColumn => {
  const { state, instances, now, answers, size } = context;
  const ids = instances.map(({ instance_id: id }) => id);
  const vitals = agentStatsOf(state, answers, ids);
  const runs = Map.groupBy(valuesOf(state.tasks).flatMap(runsOf), ({ instance }) => instance);
  const isTall = instances.length * 2 <= size.height;
  const costs = width < WITH_BAR ? 'cost' : 'cost, processor, memory, tokens';
  return {
    title: [
      { text: 'agents', bold: true },
      { text: `  busy, runs ✔ ✖, ${costs}`, dim: true },
    ],
    weight,
    empty: 'No agent.',
    lines: instances.flatMap((instance): readonly TabLine[] => {
      const own = runs.get(instance.instance_id) ?? [];
      const done = own.filter(isGoodRun);
      const failed = own.filter(isFailedRun).length;
      const style = nameStyle(instance);
      const name: Piece = { text: instance.instance_id, bold: true };
      const rest: readonly Piece[] = [
        { text: ' '.repeat(Math.max(1, NAME - widthOf([name]))) },
        ...didPieces({ busy: busyShare(instance, own, now), done: done.length, failed }, width),
      ];
      const all = vitals.get(instance.instance_id)!;
      // What the title does not name is not shown.
      const stats = width < WITH_BAR ? { ...NOTHING, usd: all.usd } : all;
      const pieces: readonly Piece[] = [{ ...style, text: ' ■ ' }, name, ...rest];
      const line: TabLine = {
        id: instance.instance_id,
        pieces,
        chosen: [{ ...style, text: ' ▶ ' }, { ...style, ...name, inverse: true }, ...rest],
        right: statPieces(stats, width - widthOf(pieces)).slice(0, -1),
      };
      return isTall ? [line, workLine(instance, { done, usd: stats.usd }, context)] : [line];
    }),
  };
};
