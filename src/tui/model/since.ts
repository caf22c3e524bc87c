import { needsOf } from '../../attention/needs.ts';
import { formatDuration } from '../../lib/duration.ts';
import { valuesOf } from '../../lib/records.ts';
import type { State } from '../../state/index.ts';
import type { TaskStateName } from '../../state/tasks.ts';
import { uncheckedIn, uncheckedNote } from '../../tasks/done-count.ts';

/** What of a swarm is compared when somebody comes back to it. `at`: when they left, ISO 8601; `usd`: spent by then. */
export type LastLook = { readonly at: string; readonly usd: number };

export const lookAt = ({ usage }: Pick<State, 'usage'>, now: number): LastLook => ({
  at: new Date(now).toISOString(),
  usd: usage.swarm.usd ?? 0,
});

/** How many tasks, or others, are named before they are only counted. */
const NAMED = 3;

const named = (ids: readonly string[]): string => (ids.length > NAMED ? `${ids.length}` : ids.join(', '));

/** A look away that was shorter, in milliseconds, is not worth a word. */
const LEAST_MS = 60_000;

/** What changed since somebody looked, in one line; null where nothing did, or they were away for a moment only. */
export const sinceYouLooked = (state: State, last: LastLook, now: number): string | null => {
  const away = now - Date.parse(last.at);
  if (!(away >= LEAST_MS)) return null;
  const tasks = valuesOf(state.tasks).filter(({ since, race_of }) => race_of === undefined && since > last.at);
  const idsIn = (kind: TaskStateName): readonly string[] =>
    tasks.filter((task) => task.state === kind).map(({ id }) => id);
  const done = idsIn('done');
  const failed = idsIn('failed');
  const blocked = idsIn('blocked');
  const merged = Object.values(state.batches).reduce(
    (sum, batch) => sum + ((batch.finished_at ?? '') > last.at ? batch.merged.length : 0),
    0,
  );
  const conflicts = needsOf(state).needs.filter(({ kind, since }) => kind === 'conflict' && since > last.at).length;
  const asking = needsOf(state).needs.filter(({ kind, since }) => kind === 'question' && since > last.at).length;
  const usd = (state.usage.swarm.usd ?? 0) - last.usd;
  const parts = [
    done.length > 0 ? `✔ ${done.length} done${uncheckedNote(uncheckedIn(tasks))}` : '',
    merged > 0 ? `${merged} merged` : '',
    failed.length > 0 ? `✖ ${named(failed)} failed` : '',
    blocked.length > 0 ? `‖ ${named(blocked)} blocked` : '',
    asking > 0 ? `? ${asking === 1 ? '1 question' : `${asking} questions`}` : '',
    conflicts > 0 ? `⚡ ${conflicts === 1 ? '1 conflict' : `${conflicts} conflicts`}` : '',
    usd >= 0.005 ? `$${usd.toFixed(2)}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : `since you looked ${formatDuration(away)} ago: ${parts.join(', ')}`;
};
