import { foretoldNames, someOf } from '../../lib/names.ts';
import type { State } from '../../state/index.ts';
import { runsOf } from '../../state/runs.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task } from '../../state/tasks.ts';
import { plural } from '../../text/wording.ts';
import { byHandText, heldText, MOST_NAMED } from './not-begun.ts';

/** Which of the tasks that begin have been tried before; empty where none has. */
export const againText = (tasks: readonly Task[]): string => {
  const again = tasks.filter((task) => runsOf(task).length > 0).map(({ id }) => id);
  if (again.length === 0) return '';
  return tasks.length === 1 ? ', once more' : `, of which ${someOf(again, MOST_NAMED)} once more`;
};

const runText = (tasks: readonly Task[]): string => {
  const ids = tasks.map(({ id }) => id);
  const which = ids.length === 1 ? `runs ${ids[0]}` : `runs ${plural(ids.length, 'task')}: ${foretoldNames(ids)}`;
  return `${which}${againText(tasks)}`;
};

/**
 * What becomes of tasks that are asked for and were tried before, or do not all begin by themselves, because they are held back,
 * the swarm is paused, or somebody has to hand them out; undefined where nothing of that is so.
 */
export const foretoldRun = (
  { swarm }: State,
  tasks: readonly Task[],
  { plan, isForPlanner }: Pick<Settings, 'plan'> & { readonly isForPlanner: boolean },
): string | undefined => {
  const going = tasks.filter(({ held }) => !held);
  const byHand = isForPlanner ? byHandText(going, { plan }) : '';
  if (going.length === tasks.length && byHand === '' && !swarm.paused && againText(going) === '') return undefined;
  const runs = going.length === 0 ? [] : [runText(going)];
  const paused = swarm.paused && going.length > 0 ? ['the swarm is paused: to let tasks start, say: resume swarm'] : [];
  return [...runs, ...paused, `${heldText(tasks)}${byHand}`.trim()].filter((part) => part !== '').join(' · ');
};
