import { neededText, type PlanData } from '../../../../src/text/plan-data.ts';
import { etaOf, lengthOf, PLAN_QUERY } from '../../../../src/tui/tabs/tasks-graph.ts';
import { useAnswer, useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { OwnName } from '../../parts/own-name.tsx';
import { Empty, Words } from '../../parts/text.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';

type Row = PlanData['tasks'][number];

const sentenceOf = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const ROW_PX = 34;

/** When a task would run, as a bar within the whole time. */
const Bar = ({
  row,
  total,
  isCritical,
}: {
  readonly row: Row;
  readonly total: number;
  readonly isCritical: boolean;
}) => {
  if (row.start === null || row.end === null || total <= 0) return <span className="plan-bar" />;
  const left = (row.start / total) * 100;
  const width = Math.max(0.8, ((row.end - row.start) / total) * 100);
  return (
    <span className="plan-bar" aria-hidden="true">
      <i className={isCritical ? 'critical' : ''} style={{ left: `${left}%`, width: `${width}%` }} />
    </span>
  );
};

/** What waits for what and when it would run; the longest chain is marked. */
export const TaskPlan = ({ filter }: { readonly filter: string }) => {
  const { tasks } = useSwarm().state;
  const reply = useAnswer({ text: PLAN_QUERY, everyMs: 2000 });
  if (!reply) return <Empty text="Reading the plan …" />;
  if (reply.exit !== 0) return <Empty text={reply.message} />;
  const plan = reply.data as PlanData;
  const critical = new Set(plan.critical_path);
  const words = filter.toLowerCase();
  const rows = plan.tasks.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(words));
  const total = plan.length ?? plan.least;
  return (
    <div className="plan">
      <p className="soft">
        {sentenceOf(etaOf(plan))}
        {plan.critical_path.length > 0 && (
          <>
            {' '}
            <span className="yellow">★</span> longest chain: <Words text={plan.critical_path.join(' → ')} />
          </>
        )}
      </p>
      <VirtualList items={rows} rowHeight={ROW_PX} keyOf={({ id }) => id} label="tasks by what they wait for">
        {(row) => (
          <a className="plan-row" href={hashOf('tasks', row.id)}>
            <span className="yellow">{critical.has(row.id) ? '★' : ''}</span>
            <b className="mono">{row.id}</b>
            <span className="cut">
              <Words text={tasks[row.id]?.title ?? row.title} />
            </span>
            <span className="dim cut soft">
              {row.waits_for.length > 0 && `after ${row.waits_for.map((id) => neededText(row, id)).join(', ')}`}
            </span>
            <span className="cut">{row.instance !== null && <OwnName id={row.instance} />}</span>
            <Bar row={row} total={total} isCritical={critical.has(row.id)} />
            <span className="soft numbers">{row.end === null ? '' : `in ${lengthOf(row.end, plan)}`}</span>
          </a>
        )}
      </VirtualList>
    </div>
  );
};
