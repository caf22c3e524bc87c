import { oneLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { runningTask } from './running-task.ts';

/** The part of a screen below the words that gave the task: what stands above belongs to earlier ones. */
export const sincePrompt = (screen: string, state: State, instance: Instance): string => {
  const task = runningTask(state, instance);
  const at = task === undefined ? -1 : screen.lastIndexOf(`Task ${oneLine(task.id)}:`);
  const end = at < 0 ? -1 : screen.indexOf('\n', at);
  return at < 0 ? screen : end < 0 ? '' : screen.slice(end + 1);
};
