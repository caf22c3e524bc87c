import type { Run, Task, Tasks } from '../../state/tasks.ts';
import { isUnchecked } from '../../tasks/select.ts';
import { lastRunOf } from '../model/instance-list.ts';
import type { Style } from '../widgets/paint.ts';
import type { Piece } from '../widgets/pieces.ts';

type Past = NonNullable<ReturnType<typeof lastRunOf>>;

/** What an agent did last, and how that ended. */
export const lastWork = (instance: string, tasks: Tasks): readonly Piece[] => {
  const last = lastRunOf(tasks, instance);
  if (!last) return [{ text: 'no task yet', dim: true }];
  const { task, run } = last;
  const { glyph, style } = LAST_MARKS[lastKind(task, run)];
  return [
    { ...(isEarlier(last) ? { dim: true } : style), text: `${glyph} ` },
    { text: `${task.id} ${lastWords(last)}`, dim: true },
  ];
};

/** Another attempt may have ended otherwise, or in the same way on another pane. */
const isEarlier = ({ task, run }: Past): boolean => task.run !== null && task.run !== run;

/** How a run ended, which is named where its task has gone on since. */
export const lastWords = (past: Past): string =>
  `${isEarlier(past) ? `attempt ${past.run.attempt} ` : ''}${LAST_MARKS[lastKind(past.task, past.run)].word}`;

const lastKind = (task: Task, run: Run): keyof typeof LAST_MARKS => {
  if (run.failure) return run.failure.class === 'stopped' ? 'stopped' : 'failed';
  if (task.run !== run || task.state !== 'done') return run.result ? 'reopened' : 'stopped';
  if (task.merge_commit !== null) return 'merged';
  return isUnchecked(task) ? 'unchecked' : 'done';
};

const LAST_MARKS = {
  unchecked: { glyph: '✔', style: {}, word: 'done, unchecked' },
  done: { glyph: '✔', style: { color: 'green' }, word: 'verified' },
  merged: { glyph: '✔', style: { color: 'green' }, word: 'merged' },
  failed: { glyph: '✖', style: { color: 'red' }, word: 'failed' },
  stopped: { glyph: '○', style: { dim: true }, word: 'stopped' },
  reopened: { glyph: '○', style: { dim: true }, word: 'opened again' },
} as const satisfies Record<string, { glyph: string; style: Style; word: string }>;
