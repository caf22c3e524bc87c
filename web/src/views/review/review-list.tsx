import { approvalOf, awaitsReview, reviewedRun } from '../../../../src/state/reviews.ts';
import type { State } from '../../../../src/state/index.ts';
import type { Task } from '../../../../src/state/tasks.ts';
import { useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { DiffCounts } from '../../parts/diff.tsx';
import { OwnName } from '../../parts/own-name.tsx';
import { Empty, Words } from '../../parts/text.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { StepButton } from '../../shell/step-button.tsx';

type Standing = { readonly text: string; readonly rank: number; readonly tone: string };

/** How the work of a task stands for whoever decides on it. */
const standingOf = (task: Task, { reviews }: Pick<State, 'reviews'>): Standing => {
  if (task.batch !== null) return { text: `merged in ${task.batch}`, rank: 3, tone: 'dim' };
  if (reviews[task.id]?.taken_over) return { text: 'taken over', rank: 1, tone: 'yellow' };
  if (approvalOf(reviews, task)) return { text: 'approved', rank: 2, tone: 'green' };
  if (awaitsReview(reviews, task)) return { text: 'to review', rank: 0, tone: 'cyan' };
  return { text: task.state, rank: 2, tone: task.state === 'failed' ? 'red' : 'dim' };
};

const ROW_PX = 52;

/** The work of tasks; what waits for somebody comes first. */
export const ReviewList = ({ open }: { readonly open: string | null }) => {
  const { state } = useSwarm();
  const rows = Object.values(state.tasks)
    .filter((task) => !task.archived && reviewedRun(task))
    .map((task) => ({ task, standing: standingOf(task, state) }))
    .toSorted((a, b) => a.standing.rank - b.standing.rank || a.task.since.localeCompare(b.task.since));
  const approved = rows.filter(({ standing }) => standing.text === 'approved').length;
  if (rows.length === 0) return <Empty text="No task has been worked on yet." />;
  return (
    <>
      {approved > 0 && (
        <p className="row wrap">
          <StepButton command="merge all" kind="merge" className="small main" />
          <span className="soft">{approved === 1 ? 'one is approved' : `${approved} are approved`}</span>
        </p>
      )}
      <VirtualList items={rows} rowHeight={ROW_PX} keyOf={({ task }) => task.id} label="work of tasks">
        {({ task, standing }) => {
          const run = reviewedRun(task)!;
          return (
            <a
              className={`review-row ${task.id === open ? 'open' : ''}`}
              href={hashOf('review', task.id)}
              aria-current={task.id === open ? 'true' : undefined}
            >
              <span className="cut">
                <b className="mono">{task.id}</b> <Words text={task.title} />
              </span>
              <span className="soft row">
                <span className={standing.tone}>{standing.text}</span>
                <OwnName id={run.instance} />
                {run.result && <DiffCounts insertions={run.result.insertions} deletions={run.result.deletions} />}
              </span>
            </a>
          );
        }}
      </VirtualList>
    </>
  );
};
