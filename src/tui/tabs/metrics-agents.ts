import { valuesOf } from '../../lib/records.ts';
import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import { runsOf } from '../../state/runs.ts';
import type { Run } from '../../state/tasks.ts';
import { agentStatsOf, statPieces } from '../model/agent-stats.ts';
import { currentTask } from '../model/instance-list.ts';
import { nameStyle } from '../model/instance-style.ts';
import { lastWork } from '../panes/pane-frame.ts';
import { bar } from '../widgets/bar.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import type { TabColumn, TabContext, TabLine } from './tab.ts';

const BAR = 10;
/** How many cells of a line about an agent its numbers leave to the rest. */
const NAMED = 48;

/** How long a run took; 0 while it goes on. */
export const tookMs = ({ started_at, ended_at }: Run): number =>
  ended_at === null ? 0 : Math.max(0, Date.parse(ended_at) - Date.parse(started_at));

/** The share of its lifetime in which an instance had a run. */
const busyShare = ({ created_at }: Instance, own: readonly Run[], now: number): number => {
  const ms = own.reduce(
    (sum, run) => sum + (run.ended_at === null ? Math.max(0, now - Date.parse(run.started_at)) : tookMs(run)),
    0,
  );
  return Math.min(1, ms / Math.max(1, now - Date.parse(created_at)));
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

/** How much each agent did and what it costs, in so many cells; with what it is at where there is a row for that. */
export const agentsColumn = (context: TabContext, width: number, weight: number): TabColumn => {
  const { state, instances, now, answers, size } = context;
  const vitals = agentStatsOf(
    state,
    answers,
    instances.map(({ instance_id }) => instance_id),
  );
  const runs = Map.groupBy(valuesOf(state.tasks).flatMap(runsOf), ({ instance }) => instance);
  const isTall = instances.length * 2 <= size.height;
  return {
    title: [
      { text: 'agents', bold: true },
      { text: '  busy  done  failed  cost, processor, memory, tokens', dim: true },
    ],
    weight,
    empty: 'No agent.',
    lines: instances.flatMap((instance): readonly TabLine[] => {
      const own = runs.get(instance.instance_id) ?? [];
      const done = own.filter(({ result }) => result !== null);
      const share = busyShare(instance, own, now);
      const failed = own.filter(({ failure }) => failure !== null).length;
      const style = nameStyle(instance);
      const name: Piece = { text: instance.instance_id, bold: true };
      const rest: readonly Piece[] = [
        { text: ' '.repeat(Math.max(1, 14 - widthOf([name]))) },
        { text: `${bar(share, 1, BAR)} ${String(Math.round(share * 100)).padStart(3)}%  ` },
        { text: `✔ ${done.length}  `, color: 'green' },
        { text: failed > 0 ? `✖ ${failed}  ` : '', color: 'red' },
      ];
      const stats = vitals.get(instance.instance_id)!;
      const line: TabLine = {
        id: instance.instance_id,
        pieces: [{ ...style, text: ' ■ ' }, name, ...rest],
        chosen: [{ ...style, text: ' ▶ ' }, { ...style, ...name, inverse: true }, ...rest],
        right: statPieces(stats, width - NAMED).slice(0, -1),
      };
      return isTall ? [line, workLine(instance, { done, usd: stats.usd }, context)] : [line];
    }),
  };
};
