import { blockedOf } from '../../attention/blocked.ts';
import type { State } from '../../state/index.ts';
import { behindGivenUp } from '../../tasks/stranded.ts';

/** That a task which was just written waits for one that was given up, and what helps; empty where it does not. */
export const waitsForEverText = (state: State, id: string): string => {
  const task = state.tasks[id]!;
  const blocked = task.state === 'open' && behindGivenUp(state.tasks).has(id) ? blockedOf(state, task) : null;
  return blocked === null ? '' : ` It never begins: ${blocked.text}. Suggested: ${blocked.help.join(', or ')}`;
};
