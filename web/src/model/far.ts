import type { Outlook } from '../../../src/attention/outlook.ts';
import type { Surroundings } from '../../../src/attention/step.ts';
import type { State } from '../../../src/state/index.ts';
import { doneCount, doneInWords, doneText } from '../../../src/tasks/done-count.ts';
import { spentText } from '../../../src/text/cost-rows.ts';
import { groupTasks } from '../../../src/tasks/task-groups.ts';
import { upNext } from '../../../src/tui/model/up-next.ts';

/** How far the swarm is, as the header says it; null where there is nothing to say. */
export const farOf = (state: State) => {
  const count = doneCount(groupTasks(state));
  const { done, total } = count;
  return {
    percent: total === 0 ? 0 : (done / total) * 100,
    tasks: total === 0 ? null : doneText(count),
    spent: spentText(state.usage.swarm),
    inWords: doneInWords(count, 'tasks'),
  };
};

/** The task that begins next, which may be another one by now than was foretold; null where none was foretold. */
export const nextIn = (state: State, outlook: Outlook, surroundings: Surroundings | null): string | null =>
  outlook.next === null ? null : (upNext({ state, outlook, surroundings })?.id ?? null);
