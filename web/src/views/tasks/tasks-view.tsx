import { useState } from 'react';
import { groupTasks } from '../../../../src/tasks/task-groups.ts';
import { useSwarm } from '../../link/use-swarm.ts';
import { Empty } from '../../parts/text.tsx';
import { StepButton } from '../../shell/step-button.tsx';
import { TaskBoard } from './task-board.tsx';
import { TaskDrawer } from './task-drawer.tsx';
import { TaskGraph } from './task-graph.tsx';
import { TaskPlan } from './task-plan.tsx';

const MODES = ['board', 'plan', 'graph'] as const;
type Mode = (typeof MODES)[number];

const MODE_NAMES: Readonly<Record<Mode, string>> = { board: 'Board', plan: 'Plan', graph: 'Graph' };

/** The tasks as a board by state, as the plan of what waits for what, or as a drawing of that. */
const TasksView = ({ open }: { readonly open: string | null }) => {
  const { state } = useSwarm();
  const { tasks } = state;
  const [mode, setMode] = useState<Mode>('board');
  const [filter, setFilter] = useState('');
  const opened = open !== null && Object.hasOwn(tasks, open) ? tasks[open] : undefined;
  const isEmpty = Object.keys(tasks).length === 0;
  return (
    <section className={`tasks ${opened ? 'with-drawer' : ''}`} aria-label="tasks">
      <div className="view-head">
        <fieldset className="segments">
          <legend className="unseen">how the tasks are shown</legend>
          {MODES.map((one) => (
            <label key={one} className={one === mode ? 'open' : ''}>
              <input type="radio" name="tasks-mode" checked={one === mode} onChange={() => setMode(one)} />
              {MODE_NAMES[one]}
            </label>
          ))}
        </fieldset>
        <input
          type="search"
          className="filter"
          placeholder="Narrow: id, title, agent"
          aria-label="narrow the tasks"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
        <StepButton command={'create task "…"'} className="small" />
        {groupTasks(state).ready.length > 0 && <StepButton command="run all ready tasks" className="small main" />}
      </div>
      {isEmpty ? (
        <Empty text="No task yet." command={'create task "…"'} />
      ) : mode === 'board' ? (
        <TaskBoard filter={filter} />
      ) : mode === 'plan' ? (
        <TaskPlan filter={filter} />
      ) : (
        <TaskGraph filter={filter} open={opened?.id ?? null} />
      )}
      {opened && <TaskDrawer key={opened.id} task={opened} />}
    </section>
  );
};

export default TasksView;
