import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import { listedTasks } from '../../tasks/task-groups.ts';
import { neededText, type PlanData } from '../../text/plan-data.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { TabBody, TabContext, TabLine } from './tab.ts';

/** The command whose answer the graph is drawn from. */
export const PLAN_QUERY = 'plan tasks';

const planOf = ({ answers }: TabContext): PlanData | null => {
  const reply = answers.get(PLAN_QUERY);
  return reply?.exit === 0 ? (reply.data as PlanData) : null;
};

/** A length of the plan in words: a time, or points of complexity while no run has finished. */
export const lengthOf = (length: number, { unit }: PlanData): string =>
  unit === 'ms' ? formatDuration(length) : `${Math.round(length * 10) / 10} points`;

/** When all of it is done, in words. */
export const etaOf = (plan: PlanData): string => {
  const unit = plan.unit === 'ms' ? '' : ' of complexity';
  const { length, least, tasks, instances } = plan;
  if (length === null)
    return instances.length === 0
      ? `the longest chain is ${lengthOf(least, plan)}${unit}`
      : 'when it is done cannot be told';
  const going = tasks.filter(({ wave }) => wave !== null);
  const told = going.filter(({ end }) => end !== null).length;
  const part = told > 0 && told < going.length ? ` for ${told} of ${going.length}` : '';
  return `done in about ${lengthOf(length, plan)}${part}, at best ${lengthOf(least, plan)}${unit}`;
};

const TREE = { branch: '├─ ', last: '└─ ', down: '│  ', blank: '   ' } as const;
/** Tasks below this depth are not moved to the right any more, so that their titles can still be read. */
const DEEPEST = 16;

type Row = PlanData['tasks'][number];
type Node = { readonly row: Row; readonly parent: string | null };

/** Each task stands below the latest of those it waits for, of several the one on the longest chain. */
const nodesOf = ({ tasks, critical_path }: PlanData): readonly Node[] => {
  const critical = new Set(critical_path);
  const rows = new Map(tasks.map((row) => [row.id, row]));
  const rank = (id: string): number => (rows.get(id)!.wave ?? tasks.length) * 2 + (critical.has(id) ? 1 : 0);
  return tasks.map((row) => {
    const open = row.waits_for.filter((id) => rows.has(id)).toSorted((a, b) => rank(b) - rank(a));
    return { row, parent: open[0] ?? null };
  });
};

type Placed = { readonly node: Node; readonly before: string; readonly below: string };

/** The nodes in the order of the tree, each with the lines that lead to it. */
const layTreeOut = (nodes: readonly Node[]): readonly Placed[] => {
  const children = new Map<string | null, Node[]>();
  for (const node of nodes) {
    const among = children.get(node.parent);
    if (among) among.push(node);
    else children.set(node.parent, [node]);
  }
  const result: Placed[] = [];
  const open: Placed[] = (children.get(null) ?? []).map((node) => ({ node, before: '', below: '' })).toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    result.push(next);
    const { below } = next;
    const among = children.get(next.node.row.id) ?? [];
    const deep = below.length >= DEEPEST * TREE.down.length;
    const inner = among.map((node, i): Placed => {
      const last = i === among.length - 1;
      const step = last ? TREE.blank : TREE.down;
      return { node, before: below + (last ? TREE.last : TREE.branch), below: deep ? below : below + step };
    });
    open.push(...inner.toReversed());
  }
  return result;
};

/** Each open task below what it waits for, the longest chain marked, with when it is expected to be done. */
export const taskGraph = (context: TabContext): TabBody => {
  const plan = planOf(context);
  const title: Piece[] = [{ text: 'dependencies', bold: true }];
  const answer = context.answers.get(PLAN_QUERY);
  if (!plan) return { columns: [{ title, lines: [], weight: 1, empty: answer?.message ?? 'reading the plan …' }] };
  const critical = new Set(plan.critical_path);
  const { tasks } = context.state;
  const lines = layTreeOut(nodesOf(plan)).map(({ node: { row, parent }, before }): TabLine => {
    const task = tasks[row.id];
    const others = row.waits_for.filter((id) => id !== parent);
    const who = row.instance ?? null;
    return {
      id: row.id,
      pieces: [
        { text: before, dim: true },
        { text: critical.has(row.id) ? '★ ' : '', color: 'yellow' },
        { text: `${row.id} `, bold: true },
        { text: task ? shownLine(task.title) : '' },
        { text: who === null ? '' : ` → ${who}`, color: 'cyan' },
        {
          text:
            others.length > 0
              ? `  ${parent === null ? '' : 'also '}after ${others.map((id) => neededText(row, id)).join(', ')}`
              : '',
          dim: true,
        },
      ],
      right: row.end === null ? [] : [{ text: `in ${lengthOf(row.end, plan)} `, dim: true }],
    };
  });
  const chain =
    plan.critical_path.length > 0 ? [{ text: `   ★ longest chain: ${plan.critical_path.join(' → ')}`, dim: true }] : [];
  const done = listedTasks(context.state).done.length;
  const left = done === 0 ? [] : [{ text: `   without the ${done} done`, dim: true }];
  const head = [...title, { text: `   ${etaOf(plan)}` }, ...left, ...chain];
  return { columns: [{ title: head, lines, weight: 1, empty: 'Nothing is left to do.' }] };
};
