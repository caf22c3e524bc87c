import { resolve } from 'node:path';
import { openReplica } from '../../client/replica.ts';
import { defineError } from '../../lib/errors.ts';
import { shorten, shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { type PlanFormatId, POLICIES, type Policy } from '../../state/specs.ts';
import { planFormat } from '../../tasks/formats/index.ts';
import { isGate } from '../../tasks/gates.ts';
import { needsOf } from '../../tasks/order/edges.ts';
import { isReady } from '../../tasks/select.ts';
import type { RehearsalNumbers } from '../../text/rehearsal-numbers.ts';
import { withCleanEnd } from '../interrupt.ts';
import type { Flags, Io } from '../io.ts';
import { readOptions } from '../options.ts';
import { printLine } from '../print.ts';
import { questionTaker, standingText } from './questions.ts';
import { reportOf, reportText } from './rehearsal-report.ts';
import { bundledPlan, openScratch, type Scratch, type ScratchOptions } from './scratch.ts';
import { untilState } from './until.ts';

const badOption = defineError('rehearse/bad-option', 2, (p: { name: string; value: string; wants: string }) => ({
  message: `--${p.name} ${p.value} is not ${p.wants}.`,
  hint: 'Usage: drover rehearse SPEC [--instances 5] [--agent rehearsal] [--seed N] [--task-ms 200..800] [--fail-rate P] [--policy kiro|siblings|strict|none] [--barrier] [--needs] [--keep DIR] [--json]',
}));

export type Plan = {
  readonly spec: string;
  readonly instances: number;
  readonly agent: string;
  readonly seed: number;
  readonly taskMs: string;
  readonly failRate: number;
  readonly policy: Policy | undefined;
  readonly barrier: boolean | undefined;
  /** Whether a task fails that does not find the work it builds on, as the plan itself says what builds on what. */
  readonly needs: boolean;
  readonly keep: string | undefined;
};

const numberIn = (
  name: string,
  value: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number => {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (number >= least && number <= most && (!whole || Number.isInteger(number))) return number;
  throw badOption({ name, value, wants: `a ${whole ? 'whole ' : ''}number from ${least} to ${most}` });
};

const span = (value: string): string => {
  const { low, high } = /^(?<low>\d{1,7})\.\.(?<high>\d{1,7})$/u.exec(value)?.groups ?? {};
  if (low === undefined || Number(low) > Number(high))
    throw badOption({ name: 'task-ms', value, wants: 'a span like 200..800' });
  return value;
};

const policyOf = (value: string | undefined): Policy | undefined => {
  if (value === undefined || (POLICIES as readonly string[]).includes(value)) return value as Policy | undefined;
  throw badOption({ name: 'policy', value, wants: POLICIES.join(', ') });
};

/** Reads `SPEC [--instances 5] …`. */
export const readPlan = (argv: readonly string[], bundled: string): Plan => {
  const names = ['instances', 'agent', 'seed', 'task-ms', 'fail-rate', 'policy', 'keep'] as const;
  const { values, words, switches } = readOptions(argv, {
    values: names,
    switches: ['barrier', 'no-barrier', 'needs'],
    words: 1,
  });
  return {
    spec: words[0] ?? bundled,
    instances: numberIn('instances', values['instances'] ?? '5', { least: 1, most: 100, whole: true }),
    agent: values['agent'] ?? 'rehearsal',
    seed: numberIn('seed', values['seed'] ?? '1', { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
    taskMs: span(values['task-ms'] ?? '200..800'),
    failRate: numberIn('fail-rate', values['fail-rate'] ?? '0', { least: 0, most: 1, whole: false }),
    policy: policyOf(values['policy']),
    barrier: switches.has('barrier') ? true : switches.has('no-barrier') ? false : undefined,
    needs: switches.has('needs'),
    keep: values['keep'],
  };
};

/** The check of a rehearsal: whatever the agents write, no conflict may be left in it. */
export const NO_MARKERS = "! git grep -n -e '^<<<<<<< ' -e '^>>>>>>> '";

/**
 * By task the open ones that it builds on, as the plan itself says: by its graph where it has one, else by what its tasks name.
 * No policy has a part in it, so that a policy which breaks that order is found out.
 */
const expectedNeeds = (tasksText: string, format: PlanFormatId): Readonly<Record<string, readonly string[]>> => {
  const { parsed, order } = planFormat(format).read({ tasksText, policy: 'none', barrier: false });
  const edges = needsOf(order.edges);
  const leaves = parsed.tasks.filter(({ leaf }) => leaf);
  const open = new Set(leaves.filter(({ state }) => state !== 'done').map(({ number }) => number));
  const before = (number: string): string[] =>
    edges.get(number)!.flatMap((need) => (isGate(need) ? edges.get(need)! : [need]));
  return Object.fromEntries([...open].map((number) => [number, before(number).filter((need) => open.has(need))]));
};

type More = Pick<ScratchOptions, 'files' | 'rewrite'> & { readonly settings?: object };

/** A scratch swarm for the plan: the same daemon, agents and commands as in a repository of one's own. */
export const openRehearsal = (plan: Plan, env: NodeJS.ProcessEnv, { settings, ...more }: More = {}): Promise<Scratch> =>
  openScratch({
    ...more,
    spec: plan.spec,
    keep: plan.keep,
    needsOf: plan.needs ? expectedNeeds : undefined,
    settings: {
      agent: plan.agent,
      rehearsal: { plans: true },
      limits: { maxInstances: Math.max(10, plan.instances) },
      checks: { task: NO_MARKERS, merge: NO_MARKERS },
      ...settings,
    },
    env: {
      ...env,
      DROVER_REHEARSAL_SEED: String(plan.seed),
      DROVER_REHEARSAL_TASK_MS: plan.taskMs,
      DROVER_REHEARSAL_FAIL_RATE: String(plan.failRate),
    },
  });

const quietFrom = (state: State): boolean =>
  Object.values(state.tasks).every(
    (task) =>
      !['assigned', 'running', 'verifying'].includes(task.state) && !(task.requested && isReady(task, state.tasks)),
  );

const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Imports, launches, runs, waits and merges; tells what happens meanwhile. */
export const runPlan = async (
  scratch: Scratch,
  plan: Plan,
  tell: (line: string) => void,
): Promise<RehearsalNumbers> => {
  const policy = plan.policy === undefined ? [] : [`policy=${plan.policy}`];
  const barrier = plan.barrier === undefined ? [] : [`barrier=${plan.barrier}`];
  // In its new place it may look otherwise.
  const format = scratch.format === undefined ? [] : [`format=${scratch.format}`];
  const imported = await scratch.say(['import', 'spec', scratch.spec, ...format, ...policy, ...barrier]);
  tell(imported.message);
  const launched = await scratch.say(['launch', String(plan.instances), 'instances', `agent=${plan.agent}`]);
  tell(launched.message);
  scratch.closing.throwIfAborted();
  const replica = await openReplica({
    paths: scratch.paths,
    env: scratch.env,
    view: () => ({ columns: 120, color: false }),
    actor: 'cli',
  });
  try {
    const requestedAt = new Date().toISOString();
    if (Object.values(replica.state.tasks).some((task) => task.state === 'open')) {
      tell((await scratch.say('run all tasks')).message);
      const take = questionTaker(scratch, plan, tell);
      await untilState(replica, scratch.closing, watchTasks(take, tell));
    }
    const done = Object.values(replica.state.tasks).some((task) => task.state === 'done' && task.run?.result);
    if (done) tell((await scratch.say('merge completed branches', [6])).message);
    const { data } = await scratch.say('status swarm detailed');
    const { state } = data as { state: State };
    const { spec, edges } = imported.data as { spec: string; edges: number };
    return reportOf({
      state,
      spec,
      edges,
      instances: plan.instances,
      launchMs: launched.elapsedMs,
      requestedAt,
      dir: plan.keep && scratch.paths.root,
    });
  } catch (error) {
    if (scratch.closing.aborted) tell(standingText(replica.state));
    throw error;
  } finally {
    replica.close();
  }
};

type TakeQuestions = (state: State) => void;

/** Tells of each task that ended, has questions seen to, and gives whether no task can go on any more. */
const watchTasks = (take: TakeQuestions, tell: (line: string) => void): ((state: State) => boolean) => {
  const told = new Set<string>();
  return (state) => {
    const tasks = Object.values(state.tasks);
    for (const task of tasks) {
      const { run } = task;
      if (!run?.ended_at || told.has(`${task.id} ${run.attempt}`)) continue;
      told.add(`${task.id} ${run.attempt}`);
      const how = run.failure ? `failed (${run.failure.class}): ${run.failure.message}` : 'done';
      tell(
        `${String(told.size).padStart(3)}  ${task.id.padEnd(6)} ${how} by ${run.instance}  ${shorten(shownLine(word(task.title)), 60)}`,
      );
    }
    take(state);
    return tasks.some((task) => task.run || task.requested) && quietFrom(state);
  };
};

/** All that was to do was done, verified and merged. */
export const hasSucceeded = ({ tasks, batch }: RehearsalNumbers): boolean =>
  tasks.done === tasks.open && (tasks.open === 0 || (batch !== null && batch.merged === tasks.open));

/** Runs and reports, and leaves nothing behind, also when it is interrupted. */
export const rehearsePlan = (io: Io, flags: Flags, plan: Plan): Promise<RehearsalNumbers> =>
  withCleanEnd(
    io,
    () =>
      openRehearsal(
        {
          ...plan,
          spec: resolve(io.cwd, plan.spec),
          keep: plan.keep === undefined ? undefined : resolve(io.cwd, plan.keep),
        },
        io.env,
      ),
    (scratch) => runPlan(scratch, plan, (line) => (flags.json || flags.quiet ? undefined : printLine(io.stderr, line))),
  );

/** `drover rehearse SPEC`. */
export const rehearse = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  if (argv[0] === '--failure') return (await import('./failures.ts')).rehearseFailure(io, flags, argv.slice(1));
  if (argv[0] === '--conflicts') return (await import('./conflicts.ts')).rehearseConflicts(io, flags, argv.slice(1));
  const plan = readPlan(argv, bundledPlan());
  const report = await rehearsePlan(io, flags, plan);
  printLine(io.stdout, flags.json ? JSON.stringify(report, null, 2) : reportText(report));
  return hasSucceeded(report) ? 0 : 1;
};
