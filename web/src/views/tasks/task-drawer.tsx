import { useEffect, useRef } from 'react';
import { saidId } from '../../../../src/protocol/say.ts';
import { reviewedRun } from '../../../../src/state/reviews.ts';
import type { Run, Task } from '../../../../src/state/tasks.ts';
import { isMergeable } from '../../../../src/tasks/mergeable.ts';
import { ageOf } from '../../../../src/tui/model/relative-times.ts';
import { useNow, useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { Icon } from '../../parts/icon.tsx';
import { OwnName } from '../../parts/own-name.tsx';
import { Block, Words } from '../../parts/text.tsx';
import { Do } from '../../shell/do.tsx';

/** What can be said of a task as it is now. */
const taskActions = (task: Task): readonly (readonly [name: string, line: string])[] => {
  const id = saidId(task.id);
  switch (task.state) {
    case 'open':
      return [
        task.held ? ['Let it go on', `resume task ${id}`] : ['Run', `run task ${id}`],
        ...(task.held ? [] : [['Hold back', `pause task ${id}`] as const]),
        ['Cancel task', `cancel task ${id}`],
      ];
    case 'assigned':
      return [
        ['Unassign', `unassign task ${id}`],
        ['Cancel task', `cancel task ${id}`],
      ];
    case 'running':
    case 'verifying':
      return [
        ['Stop', `stop task ${id}`],
        ['Cancel task', `cancel task ${id}`],
      ];
    case 'failed':
    case 'blocked':
      return [
        ['Retry', `retry task ${id}`],
        ['Cancel task', `cancel task ${id}`],
      ];
    case 'done':
      return isMergeable(task) ? [['Merge', `merge branch ${id}`]] : [];
    case 'cancelled':
      return [['Run', `run task ${id}`]];
  }
};

const Dependencies = ({ task }: { readonly task: Task }) => {
  const { tasks } = useSwarm().state;
  const after = Object.values(tasks).filter(({ dependencies }) => dependencies.includes(task.id));
  const list = (ids: readonly string[]) =>
    ids.map((id) => (
      <a key={id} className="chip mono" href={hashOf('tasks', id)}>
        {id} <span className="dim">{tasks[id]?.state}</span>
      </a>
    ));
  return (
    <>
      {task.dependencies.length > 0 && (
        <p className="row wrap">
          <span className="soft">comes after</span> {list(task.dependencies)}
        </p>
      )}
      {after.length > 0 && (
        <p className="row wrap">
          <span className="soft">comes before</span> {list(after.map(({ id }) => id))}
        </p>
      )}
    </>
  );
};

/** What became of a run; the word of its agent alone is named as that. */
const runWord = ({ failure, result, progress }: Run): string => {
  if (failure) return `failed: ${failure.class}`;
  if (!result) return `${Math.round(progress)}%`;
  return result.check_ms > 0 ? 'verified' : 'done, unchecked';
};

const Runs = ({ task }: { readonly task: Task }) => {
  const now = useNow();
  const runs = [...task.history, ...(task.run ? [task.run] : [])].toReversed();
  if (runs.length === 0) return null;
  return (
    <section>
      <h3>Runs</h3>
      <ul className="runs">
        {runs.map((run) => (
          <li key={`${run.attempt} ${run.started_at}`}>
            <OwnName id={run.instance} />{' '}
            <span className={run.failure ? 'red' : run.result ? 'green' : 'dim'}>{runWord(run)}</span>{' '}
            <span className="soft numbers">{ageOf(run.started_at, now)} ago</span>
            {run.failure && (
              <p className="soft">
                <Words text={run.failure.message} />
              </p>
            )}
            {run.failure?.output !== undefined && <Block text={run.failure.output} />}
          </li>
        ))}
      </ul>
    </section>
  );
};

/** All there is to know of a task, and what can be done with it. */
export const TaskDrawer = ({ task }: { readonly task: Task }) => {
  const title = useRef<HTMLHeadingElement>(null);
  const now = useNow();
  useEffect(() => title.current?.focus(), []);
  return (
    <aside className="drawer" aria-label={`task ${task.id}`} data-open-task={task.id}>
      <header className="panel-head">
        <h2 ref={title} tabIndex={-1}>
          <span className="mono">{task.id}</span> <Words text={task.title} />
        </h2>
        <a className="button icon-only" href={hashOf('tasks')} aria-label="close the task">
          <Icon name="close" />
        </a>
      </header>
      <p className="soft numbers">
        {task.state} for {ageOf(task.since, now)} · {task.priority}
        {task.assignee !== null && (
          <>
            {' · '}
            <OwnName id={task.assignee} />
          </>
        )}
      </p>
      <div className="row wrap">
        {taskActions(task).map(([name, line]) => (
          <Do key={name} line={line} className="small">
            {name}
          </Do>
        ))}
        {reviewedRun(task) && (
          <a className="button small" href={hashOf('review', task.id)}>
            Review
          </a>
        )}
      </div>
      {task.description !== '' && <Block text={task.description} className="prose" />}
      {task.details.length > 0 && (
        <ul className="details">
          {task.details.map((detail) => (
            <li key={detail}>
              <Words text={detail} />
            </li>
          ))}
        </ul>
      )}
      <Dependencies task={task} />
      <Runs task={task} />
    </aside>
  );
};
