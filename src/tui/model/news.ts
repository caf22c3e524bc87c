import { needsOf } from '../../attention/needs.ts';
import { oneLine, shorten, shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { doneCount, doneText } from '../../tasks/done-count.ts';
import { groupTasks } from '../../tasks/task-groups.ts';

const TITLE_LENGTH = 60;
const NEWS_LENGTH = 120;

/** The swarm in the title of a window: `? 1 · 14/37 (2 unchecked) repo`. */
export const windowTitle = (state: State, repository: string): string => {
  const { length } = needsOf(state).needs;
  const count = doneCount(groupTasks(state));
  const needing = length === 0 ? '' : `? ${length} · `;
  return oneLine(
    shorten(`${needing}${count.total === 0 ? '' : `${doneText(count)} `}${shownLine(repository)}`, TITLE_LENGTH),
  );
};

/** Something that happens once: a question, a failure, the end of all work. */
type Piece = { readonly key: string; readonly text: string };

/** That all is done, and of how much of it nothing but the word of its agents is known. */
const overText = (total: number, unchecked: number): string => {
  const note = unchecked === 0 ? '' : total === 1 ? ', unchecked' : `, ${unchecked} of them unchecked`;
  return `${total === 1 ? 'the task is done' : `all ${total} tasks are done`}${note}`;
};

const newsIn = (state: State): readonly Piece[] => {
  const groups = groupTasks(state);
  const { done, total, unchecked } = doneCount(groups);
  const isOver = total > 0 && done === total;
  const finished = isOver ? groups.done : [];
  const last = finished.reduce((latest, { since }) => (since > latest ? since : latest), '');
  return [
    ...needsOf(state).needs.map(({ key, kind, since, text }) => ({ key: `${kind} ${key} ${since}`, text })),
    ...(isOver ? [{ key: `over ${last}`, text: overText(total, unchecked) }] : []),
  ];
};

/**
 * Says what is new since the last time it was asked: each thing once, and nothing of what was there at first. Null where
 * nothing is.
 */
export const makeNewsWatch = (first: State, repository: string): ((state: State) => string | null) => {
  const told = new Set(newsIn(first).map(({ key }) => key));
  return (state) => {
    const fresh = newsIn(state).filter(({ key }) => !told.has(key));
    for (const { key } of fresh) told.add(key);
    const [news] = fresh;
    if (!news) return null;
    const more = fresh.length === 1 ? '' : `, and ${fresh.length - 1} more`;
    return oneLine(`drover ${shownLine(repository)}: ${shorten(shownLine(news.text), NEWS_LENGTH)}${more}`);
  };
};
