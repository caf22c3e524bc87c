import { instantOf } from '../lib/instant.ts';
import type { Instance } from './instances.ts';

/** States of an agent that nothing but a person ends. */
const HELD_UP: ReadonlySet<string> = new Set(['waiting', 'paused']);

/**
 * Since when an agent waits for a person, or is frozen: what it was given does not go on. One that was frozen while it waited
 * has been held up since it asked. Null: it is not held up.
 */
export const heldUpSince = ({ state, paused_from }: Pick<Instance, 'state' | 'paused_from'>): string | null => {
  if (!HELD_UP.has(state.kind)) return null;
  return paused_from?.kind === 'waiting' ? paused_from.since : state.since;
};

type Timed = { readonly started_at: string; readonly waited_ms?: number | undefined };

/** How long a run had been worked on at a moment, in milliseconds: without the time in which its agent was held up. */
export const workedMs = ({ started_at, waited_ms = 0 }: Timed, at: number): number =>
  Math.max(0, at - instantOf(started_at) - waited_ms);

type Told = { readonly progress: number; readonly note: string | null };

/** A run whose agent tells how far it is; a number that it has told before is no news. */
export const withProgress = <Run extends Timed & Told>(run: Run, { progress, note }: Told, at: string): Run => ({
  ...run,
  ...(progress === run.progress ? {} : { progressed_ms: workedMs(run, instantOf(at)) }),
  ...{ progress, note },
});

/** The last run leaves `history` again, as the work that is merged. */
export const cameAlong = <
  Run extends { result: unknown },
  Task extends { state: string; run: Run | null; history: Run[] },
>(
  task: Task,
  batch: string,
  commit: string,
  at: string,
): Task => {
  const last = task.run === null ? task.history.at(-1) : undefined;
  if (task.state !== 'open' || !last?.result) return task;
  const history = task.history.slice(0, -1);
  return { ...task, state: 'done', since: at, run: last, history, batch, merge_commit: commit };
};

type Begun = Readonly<Record<'instance' | 'branch' | 'start_commit', string>> & {
  readonly mode?: string | null | undefined;
  readonly goes_on_from?: string | undefined;
};

/** A run that begins. */
export const begunRun = (attempt: number, { mode = null, goes_on_from, ...begun }: Begun, at: string) => ({
  attempt,
  ...begun,
  ...(goes_on_from === undefined ? {} : { goes_on_from }),
  started_at: at,
  claimed_at: null,
  ended_at: null,
  progress: 0,
  note: null,
  summary: null,
  result: null,
  failure: null,
  mode,
  restarts: 0,
});
