import { messageOf } from '../../lib/errors.ts';
import { oneLine, shorten, withoutControls } from '../../lib/text.ts';
import { plainLines } from '../../logs/plain.ts';
import type { Landing } from '../../ports/index.ts';
import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { findMode } from '../../state/modes.ts';
import { isAlive, moved } from '../../state/moves.ts';
import type { Run, Task } from '../../state/tasks.ts';
import type { HandOver } from '../../tasks/brief.ts';
import type { PlanAction } from '../../tasks/plan.ts';
import { type Broken, canMove, recoveryRulesIn, unfinishedRun } from '../../tasks/recovery.ts';
import { type DaemonServices, logFolderOf } from '../services.ts';
import { clearAlertFacts, instanceAlert, taskAlert } from '../signals/alert-facts.ts';
import { endSessionOf } from './end-session-of.ts';
import { turnsOfInstances } from './instance-turns.ts';
import { awaitSession, sessionIsMade } from './launch-instance.ts';
import { findLeftBehind, leftBehindFacts, noteLeftTold } from './left-behind.ts';
import { saveWork } from './save-work.ts';
import { pressKeys } from './stop-instance.ts';

/** How much of a log is read for a hand-over, and how many lines of it are kept, how long. */
const LOG_BYTES = 16 * 1024;
const LAST_LINES = 12;
const LINE_LENGTH = 200;

/** What an instance printed last, in lines of a length that a brief can hold. */
const lastWords = async (services: DaemonServices, instance: Instance): Promise<readonly string[]> => {
  const { logs, paths } = services.targetOf(instance);
  const lines: string[] = [];
  try {
    for await (const line of plainLines(logs.read(logFolderOf(paths, instance.instance_id), LOG_BYTES))) {
      const text = shorten(oneLine(withoutControls(line)).trim(), LINE_LENGTH);
      if (text !== '') lines.push(text);
    }
  } catch (error) {
    services.log(`the log of ${instance.instance_id} cannot be read: ${messageOf(error)}`);
  }
  return lines.slice(-LAST_LINES);
};

/** Commits what an instance left uncommitted on the branch of its run, where that is still checked out; nothing is lost. */
const saveUncommittedWork = async (services: DaemonServices, state: State, task: string, run: Run): Promise<void> => {
  const holder = state.instances[run.instance];
  if (!holder) return;
  try {
    const { git } = services.targetOf(holder);
    if (!(await git.hasWorktree(holder.workspace_path))) return;
    // Its next task may begin there meanwhile, which keeps what was left on the branch of this run.
    const saved = await saveWork(services, holder, `WIP of ${run.instance} on ${task}`, { on: run.branch });
    if (saved !== null) services.log(`saved uncommitted work of ${run.instance} as ${saved.commit} on ${run.branch}`);
  } catch (error) {
    services.log(`uncommitted work of ${run.instance} could not be saved: ${messageOf(error)}`);
  }
};

type Point = Extract<Landing, { kind: 'landed' }>;

/** Where a task begins: its base, and the commit of its branch, which holds the unfinished work of the one before as well. */
type StartingPoint = { readonly base: string; readonly commit: string; readonly handOver: HandOver | undefined };

/** Where a task begins: with what an unfinished run of it has left, where that can be joined with what the task builds on. */
export const startingPointOf = async (
  services: DaemonServices,
  state: State,
  task: Task,
  { commit: base }: Point,
): Promise<StartingPoint> => {
  const plainStart: StartingPoint = { base, commit: base, handOver: undefined };
  const run = unfinishedRun(task);
  // A review changes nothing.
  const isReview = run?.mode != null && findMode(run.mode, services.settings)?.read_only;
  if (!run?.failure || isReview) return plainStart;
  await saveUncommittedWork(services, state, task.id, run);
  const holder = state.instances[run.instance];
  // Its branch stays at home when it is gone itself.
  const { git } = holder ? services.targetOf(holder) : services.home;
  const head = await git.resolve(`refs/heads/${run.branch}`);
  if (head === null || head === run.start_commit) return plainStart;
  const joined = await services.home.git.joined([base, head], `Go on with ${task.id}`);
  const [commits, { files }] = await Promise.all([
    git.commits(run.start_commit, head),
    git.diff(run.start_commit, head),
  ]);
  const handOver: HandOver = {
    instance: run.instance,
    branch: run.branch,
    why: `${run.failure.class}: ${run.failure.message}`,
    commits: commits.map(({ commit, subject }) => `${commit.slice(0, 10)} ${subject}`),
    files: files.map(({ path, insertions, deletions }) => `${path} +${insertions ?? '?'} -${deletions ?? '?'}`),
    lastWords: holder ? await lastWords(services, holder) : [],
    joined: joined.kind === 'landed',
  };
  return { base, commit: joined.kind === 'landed' ? joined.commit : base, handOver };
};

/** The task, while the instance is at work on it. */
const heldTask = (state: State, id: string, task: string): Task | undefined => {
  const held = state.tasks[task];
  return held?.state === 'running' && held.run?.instance === id ? held : undefined;
};

/** The facts that end a run for good: another instance goes on with it, or a person has to look at it. */
const handOverFacts = (state: State, one: Instance, task: Task, { failure, moves }: GivenUp): EventDraft[] => {
  const { id } = task;
  const ends: EventDraft = { type: 'run.failed', data: { id, failure } };
  if (!canMove(state, task, one, moves)) return [ends, taskAlert(id, failure, one.instance_id)];
  const reason = `taken from ${one.instance_id}: ${failure.class}: ${failure.message}`;
  return [
    ends,
    { type: 'task.reopened', data: { id, reason } },
    { type: 'task.requested', data: { ids: [id] } },
    ...alertClearingFacts(state, id, 'it goes elsewhere'),
  ];
};

type GivenUp = { readonly failure: Pick<Broken, 'class' | 'message'>; readonly moves: number };

const failureOf = ({ recovery, state }: Instance): Pick<Broken, 'class' | 'message'> =>
  recovery
    ? { class: recovery.class, message: recovery.message }
    : { class: 'limited', message: `its limit lasts until ${state.until ?? 'nobody knows when'}` };

/** What the end of a hanging program has shown; undefined where none was to be ended. */
type Ended = { readonly left: Awaited<ReturnType<typeof findLeftBehind>> };

/** Records that a run is taken from an instance; whether it was. */
const recordTaken = async (services: DaemonServices, id: string, taskId: string, ended?: Ended): Promise<boolean> => {
  const { moves } = recoveryRulesIn(services.settings);
  const taken = await services.decide((now): EventDraft[] => {
    const instance = now.instances[id];
    const held = heldTask(now, id, taskId);
    if (!instance || !held) return [];
    // Whoever starts it again, or stops it, meanwhile does with its run what belongs to that.
    if (ended && !isAlive(instance.state.kind)) return [];
    const failure = failureOf(instance);
    const given = `${id} was given up: ${failure.message}`;
    return [
      ...handOverFacts(now, instance, held, { failure, moves }),
      ...(ended
        ? [
            ...clearAlertFacts(now, `stuck:${id}`, 'given up'),
            ...moved(now, id, { state: 'failed', source: 'drover', evidence: 'hang: given up' }),
            instanceAlert(id, given),
            ...leftBehindFacts(now, id, ended.left),
          ]
        : []),
    ];
  });
  noteLeftTold(services, id, ended?.left ?? null, taken);
  return taken.length > 0;
};

/** The same for one that hangs, whose program is ended first. That its session is gone then is no loss. */
const giveUpHanging = (services: DaemonServices, id: string, taskId: string): Promise<void> =>
  turnsOfInstances(services)(id, async () => {
    const { state } = services.store;
    const one = state.instances[id];
    const task = heldTask(state, id, taskId);
    // Somebody has started it again meanwhile, say.
    if (one?.state.kind !== 'stuck' || !task) return;
    awaitSession(services, id);
    try {
      await endSessionOf(services, one);
      const left = await findLeftBehind(services, one, { settles: true });
      await saveUncommittedWork(services, state, taskId, task.run!);
      await recordTaken(services, id, taskId, { left });
    } finally {
      sessionIsMade(services, id);
    }
  });

/**
 * Takes a run from an instance that does not finish it: what it has not committed is saved on its branch, and a program
 * that hangs is ended. One whose limit is used up is told to stop, and waits on for the end of its limit.
 */
export const reassignRun = async (
  services: DaemonServices,
  action: Extract<PlanAction, { kind: 'hand-over' }>,
): Promise<void> => {
  const { instance: id, task: taskId } = action;
  const { state } = services.store;
  const one = state.instances[id];
  const task = heldTask(state, id, taskId);
  if (!one || !task) return;
  if (one.state.kind === 'stuck') return giveUpHanging(services, id, taskId);
  await saveUncommittedWork(services, state, taskId, task.run!);
  const isTaken = await recordTaken(services, id, taskId);
  // Only now: else the agent's word that it was interrupted would end the run as one that a person has stopped.
  if (isTaken && one.state.kind === 'limited' && one.pane !== null)
    await pressKeys(services, one, services.adapterFor(one.agent).interruptKeys);
};
