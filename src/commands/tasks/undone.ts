import { whyUndone } from '../../attention/undone.ts';
import { asSentence } from '../../lib/errors.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';

/** So many of several tasks are told of in a sentence; the data have them all. */
const MOST_TOLD = 10;
/** So many commands that help are named. */
const MOST_HELPED = 3;
/** So much of a reason is told; the command that is named with it shows the whole. */
const LONGEST = 160;

export type Undone = {
  /** Why each of the tasks did not get done. */
  readonly reasons: Readonly<Record<string, string>>;
  /** The same in sentences, the first of many. */
  readonly text: string;
  /** The commands that help; undefined where none does. */
  readonly hint: string | undefined;
};

/** Why these tasks did not get done, and the commands that help. */
export const undoneOnes = (state: State, ids: readonly string[]): Undone => {
  const all = ids.map((id) => ({ id, ...whyUndone(state, id) }));
  const rest = all.length > MOST_TOLD ? [`And ${all.length - MOST_TOLD} more: list failed tasks.`] : [];
  const said = all.slice(0, MOST_TOLD).map(({ text }) => asSentence(shorten(oneLine(text), LONGEST)));
  const help = [...new Set(all.slice(0, MOST_HELPED).flatMap((one) => one.help.slice(0, 1)))];
  const more = all.length > MOST_HELPED ? ['list open failures'] : [];
  return {
    reasons: Object.fromEntries(all.map(({ id, text }) => [id, oneLine(text)])),
    text: [...new Set(said), ...rest].join(' '),
    hint: help.length + more.length === 0 ? undefined : `Suggested: ${[...help, ...more].join(', or ')}`,
  };
};
