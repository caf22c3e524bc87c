import { foretoldNames, someOf } from '../../lib/names.ts';
import type { State } from '../../state/index.ts';
import { runsOf } from '../../state/runs.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task } from '../../state/tasks.ts';
import { plural } from '../../text/wording.ts';
import { awaitsHand, byHandText, heldText, MOST_NAMED, strandedAmong } from './not-begun.ts';

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

type Foretelling = Pick<Settings, 'plan'> & {
  readonly isForPlanner: boolean;
  /** The agent that is launched, because nobody is there for the tasks; null where somebody is. */
  readonly launches: string | null;
};

/**
 * What becomes of tasks that are asked for and were tried before, or do not all begin by themselves, because they are held back or wait for what nobody does,
 * the swarm is paused, or somebody has to hand them out; undefined where nothing of that is so.
 */
export const foretoldRun = (
  { swarm, tasks: all }: State,
  tasks: readonly Task[],
  { plan, isForPlanner, launches }: Foretelling,
): string | undefined => {
  const { stranded, text: behind } = strandedAmong(
    all,
    tasks.map(({ id }) => id),
  );
  const going = tasks.filter((task) => !task.held && !stranded.includes(task));
  const byHand = isForPlanner ? byHandText(going, { plan }) : '';
  const others = `${byHand}${behind}${againText(going)}`;
  if (going.length === tasks.length && others === '' && !swarm.paused && launches === null) return undefined;
  const running = isForPlanner ? going.filter((task) => !awaitsHand(task, { plan })) : going;
  const runs = running.length === 0 ? [] : [runText(running)];
  const paused = swarm.paused && going.length > 0 ? ['the swarm is paused: to let tasks start, say: resume swarm'] : [];
  const launched = launches === null || going.length === 0 ? [] : [`launches ${launches}`];
  return [...runs, ...launched, ...paused, `${heldText(tasks)}${byHand}${behind}`.trim()]
    .filter((part) => part !== '')
    .join(' · ');
};
