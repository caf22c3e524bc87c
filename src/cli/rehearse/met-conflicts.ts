import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';

/** What became of the tasks that a batch has set aside for a conflict. */
const asideText = ({ batches, tasks }: Pick<State, 'batches' | 'tasks'>): string => {
  const all = Object.values(batches).flatMap(({ set_aside }) => set_aside);
  const aside = [...new Set(all.flatMap(({ task, reason }) => (reason === 'conflict' ? [task] : [])))];
  if (aside.length === 0) return '';
  const merged = aside.filter((id) => (tasks[id]?.batch ?? null) !== null);
  const [one] = aside;
  if (aside.length === 1)
    return `${one} set aside, and ${merged.length === 1 ? 'merged when it fitted' : 'not merged'}`;
  return `${aside.length} tasks set aside, ${merged.length} of them merged when they fitted`;
};

/** What became of conflicts: how many were foreseen, and what was set aside for one when it was merged. */
export const conflictsText = (state: Pick<State, 'batches' | 'tasks'>, foreseen: number): string => {
  const aside = asideText(state);
  return `${plural(foreseen, 'conflict')} foreseen${aside === '' ? (foreseen === 0 ? '' : ', none met') : `; ${aside}`}`;
};
