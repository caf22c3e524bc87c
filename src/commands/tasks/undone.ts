import { undoneOf } from '../../attention/blocked.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';

/** So many of several tasks are told of; the list of failures has them all. */
const MOST_TOLD = 3;
/** So much of a reason is told; the command that is named with it shows the whole. */
const LONGEST = 160;

/** Why these tasks did not get done, and the commands that help; undefined where nothing is known of that. */
export const undoneText = (state: State, ids: readonly string[]): string | undefined => {
  const known = ids.flatMap((id) => (state.tasks[id] && undoneOf(state, state.tasks[id])) ?? []);
  if (known.length === 0) return undefined;
  const told = known.slice(0, MOST_TOLD);
  const reasons = told.map(({ text }) => shorten(oneLine(text), LONGEST)).join('; ');
  const help = [...new Set(told.flatMap((one) => one.help.slice(0, 1)))];
  const rest = known.length > told.length ? [`; and ${known.length - told.length} more`, 'list open failures'] : [''];
  return `${reasons}${rest[0]}. Suggested: ${[...help, ...rest.slice(1)].join(', or ')}`;
};
