import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';

/** Why a person should look at an agent, the most pressing first. */
const REASONS = ['waiting', 'failed', 'stuck', 'unknown', 'unreviewed'] as const;
type Reason = (typeof REASONS)[number];

const REASON_OF: Readonly<Partial<Record<Instance['state']['kind'], Reason>>> = {
  waiting: 'waiting',
  failed: 'failed',
  lost: 'failed',
  stuck: 'stuck',
  limited: 'stuck',
  unknown: 'unknown',
};

/** One agent that needs a person; `since` is an ISO 8601 time. */
export type Need = { readonly id: string; readonly reason: Reason; readonly since: string };

/** Since when an unmerged result waits to be looked at (ISO 8601), by the agent that made it. */
const findUnreviewed = (tasks: State['tasks']): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const { state, run, archived, since, batch } of Object.values(tasks)) {
    if (state !== 'done' || !run?.result || archived || batch !== null) continue;
    const at = run.ended_at ?? since;
    const before = found.get(run.instance);
    if (before === undefined || at < before) found.set(run.instance, at);
  }
  return found;
};

const known = new WeakMap<State['tasks'], ReadonlyMap<string, string>>();

/** The unreviewed results of these tasks, searched once for each: a plan has thousands of tasks, and every key asks. */
const unreviewedResults = (tasks: State['tasks']): ReadonlyMap<string, string> => {
  const before = known.get(tasks);
  if (before) return before;
  const found = findUnreviewed(tasks);
  known.set(tasks, found);
  return found;
};

/** The agents that need a person, in the order to look at them: by reason, for the same reason the oldest first. */
export const attentionQueue = ({ tasks }: Pick<State, 'tasks'>, instances: readonly Instance[]): readonly Need[] => {
  const results = unreviewedResults(tasks);
  return instances
    .flatMap(({ instance_id: id, state: { kind, since } }): Need[] => {
      const reason = REASON_OF[kind];
      if (reason) return [{ id, reason, since }];
      const done = kind === 'idle' ? results.get(id) : undefined;
      return done === undefined ? [] : [{ id, reason: 'unreviewed', since: done }];
    })
    .toSorted((a, b) => REASONS.indexOf(a.reason) - REASONS.indexOf(b.reason) || a.since.localeCompare(b.since));
};

/** Sorts instances so that those of the queue come first; the others keep their order. */
export const sortByAttention = (queue: readonly string[], ids: readonly string[]): readonly string[] => {
  const needing = new Set(queue);
  return [...queue, ...ids.filter((id) => !needing.has(id))];
};

/** The agent after or before the selected one in the queue, round and round; null when nobody needs anything. */
export const nextInQueue = (queue: readonly string[], selected: string | null, step: 1 | -1): string | null => {
  const at = selected === null ? -1 : queue.indexOf(selected);
  const from = at < 0 && step < 0 ? 0 : at;
  return queue[(from + step + queue.length) % queue.length] ?? null;
};
