import type { AsideReason, Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { criticalPath, waves } from '../../tasks/graph.ts';
import { bestListSchedule } from '../../tasks/schedule.ts';
import { graphOf } from '../../tasks/select.ts';
import { wavesText } from '../../text/order-text.ts';
import type { RehearsalNumbers } from '../../text/rehearsal-numbers.ts';

const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

const lastRun = (task: Task): Run | undefined => task.run ?? task.history.at(-1);

const durationOf = (task: Task): number => {
  const run = lastRun(task);
  return run?.ended_at ? between(run.started_at, run.ended_at) : 0;
};

/** What the gate said at the merges; none where no branch came as far as to be checked. */
const gateOf = (merged: number, failed: number): NonNullable<RehearsalNumbers['batch']>['gate'] => {
  if (failed > 0) return 'failed';
  return merged > 0 ? 'passed' : 'none';
};

const batchOf = (batch: Batch | undefined): RehearsalNumbers['batch'] => {
  if (!batch) return null;
  const countOf = (reason: AsideReason): number => batch.set_aside.filter((one) => one.reason === reason).length;
  return {
    id: batch.id,
    merged: batch.merged.length,
    conflicted: countOf('conflict'),
    set_aside: batch.set_aside.length,
    gate: gateOf(batch.merged.length, countOf('gate')),
  };
};

type Facts = {
  readonly state: State;
  readonly spec: string;
  readonly edges: number;
  readonly instances: number;
  readonly launchMs: number;
  readonly requestedAt: string;
  readonly dir?: string | undefined;
};

/** The numbers of a rehearsal, from the state that it ended with. */
export const reportOf = ({ state, spec, edges, instances, launchMs, requestedAt, dir }: Facts): RehearsalNumbers => {
  const plan = state.specs[spec]!;
  const tasks = plan.tasks.map((id) => state.tasks[id]!);
  const before = tasks.filter((task) => task.state === 'done' && !lastRun(task)).map((task) => task.id);
  const open = tasks.filter((task) => !before.includes(task.id));
  const graph = graphOf(plan.tasks, state.tasks);
  const ended = open.flatMap((task) => lastRun(task)?.ended_at ?? []).toSorted();
  const durations = new Map(open.map((task) => [task.id, durationOf(task)]));
  const jobs = open
    .filter((task) => durations.get(task.id)! > 0)
    .map((task) => ({
      id: task.id,
      duration: durations.get(task.id)!,
      dependencies: prerequisitesOf(task, state.tasks).filter((id) => durations.has(id)),
    }));
  const wall_ms = ended.length === 0 ? 0 : between(requestedAt, ended.at(-1)!);
  const sequential_ms = jobs.reduce((sum, job) => sum + job.duration, 0);
  const left = new Map([...graph].filter(([id]) => durations.has(id)));
  const batch = Object.values(state.batches).at(-1);
  return {
    spec,
    policy: plan.policy,
    barrier: plan.barrier,
    edges,
    tasks: {
      total: tasks.length,
      open: open.length,
      done: open.filter((task) => task.state === 'done').length,
      failed: open.filter((task) => task.state === 'failed').length,
    },
    waves: waves(graph, before).map((wave) => wave.length),
    instances,
    launch_ms: Math.round(launchMs),
    wall_ms,
    critical_path_ms: criticalPath(left, (id) => durations.get(id)!).length,
    sequential_ms,
    bound_ms: Math.round(bestListSchedule(jobs, instances).makespan),
    speedup: wall_ms === 0 ? 0 : Math.round((sequential_ms / wall_ms) * 100) / 100,
    merge_ms: batch?.finished_at ? between(batch.started_at, batch.finished_at) : 0,
    batch: batchOf(batch),
    failures: open.flatMap((task) => {
      const failure = lastRun(task)?.failure;
      return failure && task.state !== 'done'
        ? [{ task: task.id, class: failure.class, message: failure.message }]
        : [];
    }),
    events: state.seq,
    ...(dir === undefined ? {} : { dir }),
  };
};

/** `2.5 times faster`, or how much slower where the agents stood in each other's way. */
const speedText = (speedup: number): string =>
  speedup >= 1 || speedup === 0 ? `${speedup} times faster` : `${(1 / speedup).toFixed(2)} times slower`;

/** The report as a person reads it. */
export const reportText = (report: RehearsalNumbers): string => {
  const { tasks, batch } = report;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    `${tasks.done} of ${tasks.open} open tasks done and verified, ${tasks.failed} failed (${tasks.total} in the plan).`,
    `Waves ${wavesText(report.waves)} by ${report.policy}${report.barrier ? ' with barrier' : ''}, ${report.edges} dependencies, ${report.instances} instances.`,
    `It took ${seconds(report.wall_ms)}; one after the other ${seconds(report.sequential_ms)} (${speedText(report.speedup)}), the best order ${seconds(report.bound_ms)}, the longest chain ${seconds(report.critical_path_ms)}.`,
    batch
      ? `${batch.id}: ${batch.merged} branches merged into drover/integration in ${seconds(report.merge_ms)}, ${batch.set_aside > 0 ? `${batch.set_aside} set aside, ` : ''}${batch.conflicted} in conflict, ${batch.gate === 'none' ? 'no gate run' : `gate ${batch.gate}`}.`
      : 'Nothing was merged.',
    ...report.failures.map((one) => `${one.task} failed (${one.class}): ${one.message}`),
    ...(report.dir === undefined ? [] : [`Kept in ${report.dir}.`]),
  ].join('\n');
};
