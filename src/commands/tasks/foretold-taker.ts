import { type AppEvent, reduceAll, type State } from '../../state/index.ts';
import type { Settings } from '../../state/settings.ts';
import type { Task } from '../../state/tasks.ts';
import { plan } from '../../tasks/plan.ts';
import { requestFacts, type Wish } from './request-facts.ts';

/**
 * The instance that begins with a task at once if it is asked for now, as the planner hands tasks out; undefined where it has
 * to wait, or one would be launched for it.
 */
export const foretoldTaker = (
  state: State,
  task: Task,
  wish: Wish,
  { agent, plan: { strategy } }: Pick<Settings, 'agent' | 'plan'>,
): string | undefined => {
  const at = new Date().toISOString();
  const events = requestFacts(state, [task], wish, undefined).map(
    (draft, i): AppEvent => ({ ...draft, seq: state.seq + i + 1, at, actor: 'cli', corr: '' }),
  );
  const actions = plan(reduceAll(state, events), { now: at, order: strategy, agent });
  const begun = actions.find(
    (action) => (action.kind === 'start' || action.kind === 'prepare') && action.task === task.id,
  );
  return begun && 'instance' in begun ? begun.instance : undefined;
};
