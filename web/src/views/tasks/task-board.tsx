import { useState } from 'react';
import type { Task } from '../../../../src/state/tasks.ts';
import { useMedia, useSwarm } from '../../link/use-swarm.ts';
import {
  type Board,
  boardOf,
  COLUMN_TITLES,
  COLUMNS,
  type Column,
  columnOf,
  countIn,
  moveCommand,
} from '../../model/board.ts';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useActions } from '../../shell/use-actions.ts';
import { TaskCard } from './task-card.tsx';

const CARD_PX = 58;

/** The next column in a direction into which a task can be put. */
const columnBeside = (from: Column, by: 1 | -1, can: (column: Column) => boolean): Column | undefined => {
  const at = COLUMNS.indexOf(from);
  const rest = by > 0 ? COLUMNS.slice(at + 1) : COLUMNS.slice(0, at).toReversed();
  return rest.find(can);
};

/** Moves of cards: what is dragged, where it may go, and what that says. */
const useMoves = () => {
  const { state } = useSwarm();
  const { run, refusal } = useActions();
  const [dragged, setDragged] = useState<string | null>(null);
  const task = dragged === null ? undefined : state.tasks[dragged];
  const commandFor = (one: Task, to: Column): string | null => {
    const line = moveCommand(one, to, state);
    return line !== null && refusal(line) === null ? line : null;
  };
  const put = (one: Task, to: Column): void => {
    const line = commandFor(one, to);
    if (line !== null) void run(line);
  };
  return {
    dragged: task,
    setDragged,
    takes: (column: Column): boolean => task !== undefined && commandFor(task, column) !== null,
    drop: (column: Column): void => {
      if (task) put(task, column);
      setDragged(null);
    },
    step: (one: Task, by: 1 | -1): void => {
      const from = columnOf(one, state);
      const to = from && columnBeside(from, by, (column) => commandFor(one, column) !== null);
      if (to) put(one, to);
    },
    isAllowed: refusal('run task 1') === null,
  };
};

type ColumnProps = {
  readonly column: Column;
  readonly tasks: readonly Task[];
  readonly moves: ReturnType<typeof useMoves>;
};

const BoardColumn = ({ column, tasks, moves }: ColumnProps) => {
  const { dragged, takes, drop, step, setDragged, isAllowed } = moves;
  const isTarget = takes(column);
  return (
    <section
      className={`column ${isTarget ? 'target' : dragged ? 'closed' : ''}`}
      data-column={column}
      aria-label={`${COLUMN_TITLES[column]}: ${countIn(column, tasks)}`}
      onDragOver={(event) => {
        if (isTarget) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        drop(column);
      }}
    >
      <h3 className="column-head">
        {COLUMN_TITLES[column]} <span className="dim numbers">{countIn(column, tasks)}</span>
      </h3>
      <VirtualList items={tasks} rowHeight={CARD_PX} keyOf={({ id }) => id} label={COLUMN_TITLES[column]}>
        {(task) => <TaskCard task={task} column={column} isMovable={isAllowed} onDrag={setDragged} onStep={step} />}
      </VirtualList>
    </section>
  );
};

const filtered = (board: Board, filter: string): Board => {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return board;
  const has = ({ id, title, assignee }: Task): boolean => {
    const text = `${id} ${title} ${assignee ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const kept = (column: Column): readonly Task[] => board[column].filter(has);
  const [waiting, ready, queued] = [kept('waiting'), kept('ready'), kept('queued')];
  return { waiting, ready, queued, running: kept('running'), stopped: kept('stopped'), done: kept('done') };
};

/** The column that a phone shows first: the first one that moves, else the first that has anything. */
const firstColumn = (board: Board): Column =>
  (['stopped', 'running', 'ready', 'queued', 'waiting', 'done'] as const).find((one) => board[one].length > 0) ??
  'ready';

/** The tasks in columns by where they stand; a phone shows one column at a time. */
export const TaskBoard = ({ filter }: { readonly filter: string }) => {
  const { state } = useSwarm();
  const moves = useMoves();
  const isPhone = useMedia('(width < 700px)');
  const [chosen, setChosen] = useState<Column | null>(null);
  const board = filtered(boardOf(state), filter);
  const one = chosen ?? firstColumn(board);
  const columns = isPhone ? [one] : COLUMNS;
  // What is empty takes little room; where things stand does not change under a card that is dragged.
  const widths = columns.map((column) =>
    board[column].length > 0 || isPhone ? 'minmax(min(100%, 180px), 1fr)' : 'minmax(96px, 0.35fr)',
  );
  return (
    <>
      {isPhone && (
        <div className="chips" role="tablist" aria-label="columns">
          {COLUMNS.map((column) => (
            <button
              key={column}
              type="button"
              role="tab"
              aria-selected={column === one}
              className={`chip ${column === one ? 'open' : ''}`}
              onClick={() => setChosen(column)}
            >
              {COLUMN_TITLES[column]} <span className="numbers">{countIn(column, board[column])}</span>
            </button>
          ))}
        </div>
      )}
      <div className="board" style={{ gridTemplateColumns: widths.join(' ') }}>
        {columns.map((column) => (
          <BoardColumn key={column} column={column} tasks={board[column]} moves={moves} />
        ))}
      </div>
    </>
  );
};
