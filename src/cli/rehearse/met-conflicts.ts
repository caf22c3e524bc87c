import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';

/** What became of the tasks that a batch has set aside for a conflict. */
const asideText = ({ batches, tasks }: Pick<State, 'batches' | 'tasks'>): string => {
  const all = Object.values(batches).flatMap(({ set_aside }) => set_aside);
  const aside = [...new Set(all.flatMap(({ task, reason }) => (reason === 'conflict' ? [task] : [])))];
  if (aside.length === 0) return '';
  const merged = aside.filter((id) => (tasks[id]?.batch ?? null) !== null);
  const [one] = aside;
  if (aside.length === 1) return `${one} ${merged.length === 1 ? 'merged later' : 'set aside'}`;
  return `${aside.length} tasks set aside, ${merged.length} of them merged later`;
};

/** What became of conflicts: how many were foreseen, and what was set aside for one when it was merged. */
export const conflictsText = (state: Pick<State, 'batches' | 'tasks'>, foreseen: number): string => {
  const aside = asideText(state);
  return `${plural(foreseen, 'conflict')} foreseen${aside === '' ? (foreseen === 0 ? '' : ', none met') : `; ${aside}`}`;
};
