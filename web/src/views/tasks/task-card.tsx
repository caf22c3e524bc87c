import type { KeyboardEvent } from 'react';
import type { State } from '../../../../src/state/index.ts';
import type { Run, Task } from '../../../../src/state/tasks.ts';
import { isRacing, raceWord } from '../../../../src/tasks/race.ts';
import { isHeldBack } from '../../../../src/tasks/task-groups.ts';
import { CONFLICT_SIGN } from '../../../../src/tui/model/conflict-marks.ts';
import { ageOf } from '../../../../src/tui/model/relative-times.ts';
import { standstillOf, taskMark } from '../../../../src/tui/model/state-marks.ts';
import { clashOf, conflictOf } from '../../../../src/tui/model/task-conflicts.ts';
import { taskWaitsFor } from '../../../../src/tui/tabs/task-pieces.ts';
import { useNow, useSwarm } from '../../link/use-swarm.ts';
import type { Column } from '../../model/board.ts';
import { finishedWords } from '../../model/card-words.ts';
import { hashOf } from '../../model/route.ts';
import { classOf, Progress } from '../../parts/mark.tsx';
import { OwnName } from '../../parts/own-name.tsx';
import { Words } from '../../parts/text.tsx';

/** How far a task at work is, and what its work would meet. */
const AtWork = ({ task, run }: { readonly task: Task; readonly run: Run }) => {
  const { state } = useSwarm();
  const now = useNow();
  const clash = clashOf(state, task);
  const still = standstillOf(task, state);
  return (
    <>
      <OwnName id={run.instance} />
      {still !== null && <span className={classOf(still.style)}>{still.word}</span>}
      <Progress value={run.progress} label={`${task.id} so far`} /> {Math.round(run.progress)}%
      <span className="dim">{ageOf(run.started_at, now)}</span>
      {clash !== null && (
        <span className="yellow cut">
          {CONFLICT_SIGN} <Words text={clash} />
        </span>
      )}
    </>
  );
};

/** What keeps a task from going on; null where nothing does. */
const hindranceOf = (task: Task, state: State): { readonly tone: string; readonly text: string } | null => {
  const conflict = conflictOf(state, task);
  if (conflict !== null) return { tone: 'yellow', text: `${CONFLICT_SIGN} ${conflict}` };
  const { failure } = task.run ?? {};
  if (task.state === 'failed') return { tone: 'red', text: `${failure?.class ?? 'failed'} ${failure?.message ?? ''}` };
  return task.state === 'blocked' ? { tone: 'yellow', text: task.blocked_by ?? 'blocked' } : null;
};

const Finished = ({ task }: { readonly task: Task }) => {
  const { state } = useSwarm();
  return <span className="dim">{finishedWords(task, state, useNow())}</span>;
};

/** Who has a task, how far it is, and what stands in its way, in one line. */
const About = ({ task, column }: { readonly task: Task; readonly column: Column }) => {
  const { state } = useSwarm();
  if (isRacing(task)) return <span className="cyan">{raceWord(task, state.tasks)}</span>;
  const hindrance = hindranceOf(task, state);
  if (hindrance)
    return (
      <span className={`${hindrance.tone} cut`}>
        <Words text={hindrance.text} />
      </span>
    );
  if (column === 'running' && task.run) return <AtWork task={task} run={task.run} />;
  if (isHeldBack(task)) return <span className="dim cut">held back</span>;
  if (column === 'waiting') return <span className="dim cut">after {taskWaitsFor(task, state)}</span>;
  if (column === 'done') return <Finished task={task} />;
  return (
    <>
      {task.assignee !== null && <OwnName id={task.assignee} />}
      {task.held && <span className="dim">held back</span>}
      {task.priority !== 'normal' && <span className="dim">{task.priority}</span>}
    </>
  );
};

type Props = {
  readonly task: Task;
  readonly column: Column;
  readonly isMovable: boolean;
  readonly onDrag: (id: string | null) => void;
  /** Puts it into the column before or after its own. */
  readonly onStep: (task: Task, by: 1 | -1) => void;
};

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowLeft: -1 };

/** A task on the board. A mouse drags it, and the arrows of the keyboard put it into the next column. */
export const TaskCard = ({ task, column, isMovable, onDrag, onStep }: Props) => {
  const { state } = useSwarm();
  const { glyph, style } = taskMark(task, state);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || !isMovable) return;
    event.preventDefault();
    onStep(task, step);
  };
  return (
    <a
      className={`task-card ${isMovable ? 'movable' : ''}`}
      href={hashOf('tasks', task.id)}
      data-task={task.id}
      draggable={isMovable}
      onDragStart={({ dataTransfer }) => {
        dataTransfer.setData('text/plain', task.id);
        dataTransfer.effectAllowed = 'move';
        onDrag(task.id);
      }}
      onDragEnd={() => onDrag(null)}
      onKeyDown={onKeyDown}
    >
      <span className="task-title cut">
        <span className={classOf(style)} aria-hidden="true">
          {glyph}
        </span>{' '}
        <b className="mono">{task.id}</b> <Words text={task.title} />
      </span>
      <span className="task-about soft numbers">
        <About task={task} column={column} />
      </span>
    </a>
  );
};
