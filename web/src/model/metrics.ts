import { needsOf } from '../../../src/attention/needs.ts';
import { median } from '../../../src/lib/median.ts';
import type { State } from '../../../src/state/index.ts';
import type { Run, Task } from '../../../src/state/tasks.ts';
import { workedMs } from '../../../src/state/worked.ts';
import { doneCount } from '../../../src/tasks/done-count.ts';
import { groupTasks } from '../../../src/tasks/task-groups.ts';
import type { Point } from '../parts/line-chart.tsx';

/** Every run there was, that of now included. */
export const runsOf = (tasks: readonly Task[]): readonly Run[] =>
  tasks.flatMap(({ history, run }) => [...history, ...(run ? [run] : [])]);

/** Whether a run ended well, checked or not: one that was verified may still have failed its gate at the merge. */
export const isVerified = ({ result, failure }: Run): boolean => result !== null && failure === null;

const MOST_POINTS = 240;

/** One point where many lie on each other, so that a chart of ten thousand tasks is drawn as quickly as one of ten. */
const thinned = (points: readonly Point[]): readonly Point[] => {
  const step = Math.ceil(points.length / MOST_POINTS);
  return step <= 1 ? points : points.filter((_point, i) => i % step === 0 || i === points.length - 1);
};

/** A sum over time: steps at each moment, from zero at the first until now. */
const sumOver = (moments: readonly number[], from: number, now: number): readonly Point[] => {
  const sorted = moments.toSorted((a, b) => a - b);
  const points = sorted.flatMap((x, i) => [
    { x, y: i },
    { x, y: i + 1 },
  ]);
  return [{ x: from, y: 0 }, ...thinned(points), { x: now, y: sorted.length }];
};

const ended = (runs: readonly Run[], isKept: (run: Run) => boolean): readonly number[] =>
  runs.flatMap((run) => (isKept(run) && run.ended_at !== null ? [Date.parse(run.ended_at)] : []));

/** When the first run began; null where there was none. */
const firstStart = (runs: readonly Run[]): number | null =>
  runs.length === 0 ? null : Math.min(...runs.map(({ started_at }) => Date.parse(started_at)));

/** How many runs were at work at each moment. */
const workingOver = (runs: readonly Run[], from: number, now: number): readonly Point[] => {
  const changes = runs
    .flatMap(({ started_at, ended_at }) => [
      { x: Date.parse(started_at), by: 1 },
      ...(ended_at === null ? [] : [{ x: Date.parse(ended_at), by: -1 }]),
    ])
    .toSorted((a, b) => a.x - b.x);
  let y = 0;
  const points = changes.flatMap(({ x, by }) => {
    const before = { x, y };
    y = Math.max(0, y + by);
    return [before, { x, y }];
  });
  return [{ x: from, y: 0 }, ...thinned(points), { x: now, y }];
};

/** The curves of the swarm since its first run; null where nothing has run yet. */
export const curvesOf = (state: State, now: number) => {
  const runs = runsOf(Object.values(state.tasks));
  const from = firstStart(runs);
  if (from === null) return null;
  return {
    from,
    verified: sumOver(ended(runs, isVerified), from, now),
    failed: sumOver(
      ended(runs, ({ failure }) => failure !== null),
      from,
      now,
    ),
    working: workingOver(runs, from, now),
  };
};

/** The numbers of the swarm as they stand. */
export const figuresOf = (state: State) => {
  const groups = groupTasks(state);
  const runs = runsOf(Object.values(state.tasks));
  const good = runs.filter(isVerified);
  const failed = runs.filter(({ failure }) => failure !== null);
  const checked = good.filter(({ result }) => result!.check_ms > 0).length;
  // A run that crashed or was stopped has claimed nothing.
  const claims = checked + failed.filter(({ claimed_at }) => claimed_at !== null).length;
  return {
    ...doneCount(groups),
    verified: good.length,
    failed: failed.length,
    held: claims === 0 ? null : checked / claims,
    usualMs: median(good.flatMap((run) => (run.ended_at === null ? [] : [workedMs(run, Date.parse(run.ended_at))]))),
    merged: Object.values(state.tasks).filter(({ merge_commit }) => merge_commit !== null).length,
    needing: needsOf(state).needs.length,
  };
};

/** What one agent did when, as bars of a timeline. */
export type TimelineBar = {
  readonly key: string;
  readonly task: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'verified' | 'failed' | 'open';
};

const barOf = (task: string, run: Run, now: number): TimelineBar => ({
  key: `${task} ${run.attempt} ${run.started_at}`,
  task,
  from: Date.parse(run.started_at),
  to: run.ended_at === null ? now : Date.parse(run.ended_at),
  kind: run.failure ? 'failed' : run.result ? 'verified' : 'open',
});

/** Who did what when. */
export const timelineOf = (state: State, now: number): ReadonlyMap<string, readonly TimelineBar[]> => {
  const all = Object.values(state.tasks).flatMap((task) =>
    runsOf([task]).map((run) => ({ who: run.instance, bar: barOf(task.id, run, now) })),
  );
  return new Map([...Map.groupBy(all, ({ who }) => who)].map(([who, some]) => [who, some.map(({ bar }) => bar)]));
};
