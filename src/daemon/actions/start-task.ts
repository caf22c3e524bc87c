import { landMerge } from '../../git/land.ts';
import type { Landing } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { moved } from '../../state/moves.ts';
import { taskBranch } from '../../state/names.ts';
import type { Task } from '../../state/tasks.ts';
import type { HandOver } from '../../tasks/brief.ts';
import { briefOf } from '../../tasks/briefing.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { asRaced } from '../../tasks/race.ts';
import { unjoinableReason } from '../../tasks/unjoinable.ts';
import { beforeLostWork } from '../integration/taken-back.ts';
import { type DaemonServices, homeOf } from '../services.ts';
import { noteOutputBefore } from '../signals/given-output.ts';
import { makeTurnsByKey, turnsOfWorktrees } from '../turns.ts';
import { untilAnswered } from '../until-answered.ts';
import { claimOfTask, settleClaims } from './branch-claims.ts';
import { checkOutBranch } from './check-out-branch.ts';
import { type Prompt, startSession } from './launch-instance.ts';
import { pastLeftLocks } from './past-left-locks.ts';
import { startingPointOf } from './reassign-run.ts';
import { branchSentBack } from './sent-back-branch.ts';
import { adoptProgram } from './started-program.ts';
import { typeLine } from './type-line.ts';

/** The commit where work begins that needs nothing: the integration branch as soon as there is one, else the base. */
const baseCommit = async ({ home, settings }: DaemonServices, instance: Instance): Promise<string> =>
  (await home.git.resolve(`refs/heads/${settings.branches.integration}`)) ?? instance.base_commit;

const JOIN = 'Join what the next tasks build on';

/** The commit that contains the work of all prerequisites, or why there is none. */
const joinedPrerequisites = async (
  services: DaemonServices,
  state: State,
  task: Task,
  instance: Instance,
): Promise<Landing> => {
  const { git } = services.home;
  const heads = prerequisitesOf(asRaced(task, state.tasks), state.tasks).flatMap((id) => {
    const before = state.tasks[id];
    const head = before?.merge_commit ?? before?.run?.result?.head_commit;
    return head ? [head] : [];
  });
  const base = await baseCommit(services, instance);
  const found = await Promise.all(
    heads.map(async (theirs) => ({ theirs, before: await beforeLostWork(services, { ours: base, theirs }) })),
  );
  const plain = found.filter(({ before }) => before === undefined).map(({ theirs }) => theirs);
  let point: Landing = await git.joined([base, ...plain], JOIN);
  // What was taken back by a commit is in the history of the base: a plain join would be without it.
  for (const { theirs, before } of found)
    if (before !== undefined && point.kind === 'landed' && !(await git.isAncestor(theirs, point.commit)))
      point = await landMerge(git, { ours: point.commit, theirs, before, message: JOIN });
  return point;
};

/** Makes a new branch for a task, checked out in the worktree of its instance. */
const createTaskBranch = async (
  services: DaemonServices,
  instance: Instance,
  task: Task,
  commit: string,
): Promise<string> => {
  const { git } = services.targetOf(instance);
  const wanted = taskBranch(services.settings.branches.task, { task: task.id, title: task.title });
  // A daemon before this one may have been killed together with a git that held a lock.
  const branch = await pastLeftLocks(services, instance, { branch: wanted, what: task.id }, () =>
    git.createBranch(wanted, commit, claimOfTask(task.id)),
  );
  await checkOutBranch(services, instance, branch, task.id);
  return branch;
};

/** Whether a task is still to be begun by this instance. */
const isStillAssigned = (state: State, task: string, instance: string): boolean =>
  state.tasks[task]?.state === 'assigned' &&
  state.tasks[task].assignee === instance &&
  !state.tasks[task].held &&
  !state.swarm.paused &&
  state.instances[instance]?.state.kind === 'idle' &&
  state.instances[instance].hold === null;

/** Whether an agent still has the program that it had: one that is started again is told by whoever has that done, when it is ready. */
const isSameProgram = ({ store }: DaemonServices, { instance_id: id, pane }: Instance): boolean => {
  const now = store.state.instances[id];
  return now?.pane === pane && now.state.kind !== 'creating';
};

/** What tells the start of a program for a run from any other. */
export const startOf = ({ id, run }: Task): string => `${id} ${run!.attempt} ${run!.restarts} ${run!.started_at}`;

/** Gives a prompt to an agent: as its argument in a new start, or typed, once a run, into the running program. */
const deliverPrompt = async (
  services: DaemonServices,
  instance: Instance,
  task: Task,
  given: Prompt,
): Promise<void> => {
  const { attempt, restarts } = task.run!;
  const run = startOf(task);
  const still = (): boolean => {
    const now = services.store.state.tasks[task.id];
    const isSame = now?.run?.attempt === attempt && now.run.restarts === restarts;
    return (
      now?.state === 'running' && now.assignee === instance.instance_id && isSame && isSameProgram(services, instance)
    );
  };
  if (services.adapterToStart(instance.agent).prompt === 'argument')
    return untilAnswered(services, still, async () => {
      if (!(await adoptProgram(services, instance, run))) await startSession(services, instance, { ...given, run });
    });
  const once = `${task.id} ${attempt}${restarts === 0 ? '' : ` ${restarts}`}`;
  const line = { text: given.prompt, once, still };
  await untilAnswered(services, still, () => typeLine(services, instance, line)).catch((error: unknown) => {
    // What failed because the program went is no failure of the next one.
    if (isSameProgram(services, instance)) throw error;
  });
};

const briefFile = ({ paths }: Target, id: string, task: string): string =>
  `${homeOf(paths, id)}/task-${encodeURIComponent(task)}.md`;

/** The brief of a task as an instance was given it last; null where it is not there any more. */
export const givenBrief = async (
  services: DaemonServices,
  task: string,
  instance: Instance,
): Promise<string | null> => {
  const target = services.targetOf(instance);
  return target.files.readText(briefFile(target, instance.instance_id, task));
};

/** Blocks a task whose prerequisites cannot be joined, with a word to the person. */
const block = async (
  services: DaemonServices,
  taskId: string,
  instanceId: string,
  files: readonly string[],
): Promise<void> => {
  const reason = unjoinableReason(files);
  const alert = {
    id: `blocked:${taskId}`,
    severity: 'error',
    text: `${taskId} cannot start: ${reason}`,
    suggestion: `show task ${saidId(taskId)}`,
    instance: null,
    task: taskId,
  } as const;
  await services.decide((now) =>
    isStillAssigned(now, taskId, instanceId)
      ? [
          { type: 'task.blocked', data: { id: taskId, reason } },
          { type: 'alert.raised', data: alert },
        ]
      : [],
  );
};

type Beginning = {
  readonly branch: string;
  /** The commit that the work counts from. */
  readonly base: string;
  readonly handOver?: HandOver | undefined;
};

/** The branch that a task is done on, checked out: the one it was sent back with, else a new one on what it builds on. */
const branchFor = async (
  services: DaemonServices,
  state: State,
  task: Task,
  instance: Instance,
): Promise<Beginning | { readonly conflict: readonly string[] }> => {
  const again = await branchSentBack(services, task, instance);
  if (again) return again;
  const point = await joinedPrerequisites(services, state, task, instance);
  if (point.kind === 'conflict') return { conflict: point.files };
  const { base, commit, handOver } = await startingPointOf(services, state, task, point);
  // An earlier start of it may have come no further than its branch.
  for (const target of services.targets) await settleClaims(services, target, claimOfTask(task.id));
  return { branch: await createTaskBranch(services, instance, task, commit), base, handOver };
};

/** Records that a run begins; false where the task is not to be begun there any more. */
const recordRun = async (
  services: DaemonServices,
  { id, instance, beginning }: { id: string; instance: Instance; beginning: Beginning },
): Promise<boolean> => {
  const { instance_id, workspace_path } = instance;
  const { branch, base, handOver } = beginning;
  const from = handOver?.joined && handOver.commits.length > 0 ? { goes_on_from: handOver.branch } : {};
  const { beginsLater } = services.adapterToStart(instance.agent);
  const begun = await services.decide((now): EventDraft[] =>
    isStillAssigned(now, id, instance_id)
      ? [
          {
            type: 'run.started',
            data: {
              ...{ id, branch, instance: instance_id },
              start_commit: base,
              mode: now.instances[instance_id]!.mode,
              ...from,
            },
          },
          { type: 'instance.placed', data: { instance_id, branch_name: branch, workspace_path } },
          ...(beginsLater
            ? []
            : moved(now, instance_id, { state: 'working', source: 'drover', evidence: `brief of ${id} delivered` })),
        ]
      : [],
  );
  return begun.length > 0;
};

/** Prepares branch and brief for an assigned task and records that it begins; what it is to be told, undefined for nothing. */
const beginRun = async (services: DaemonServices, task: Task, instance: Instance): Promise<Prompt | undefined> => {
  const { state } = services.store;
  const beginning = await branchFor(services, state, task, instance);
  if ('conflict' in beginning) {
    await block(services, task.id, instance.instance_id, beginning.conflict);
    return undefined;
  }
  const { branch, handOver } = beginning;
  const target = services.targetOf(instance);
  const brief = briefFile(target, instance.instance_id, task.id);
  const text = briefOf(state, services.settings, task, { branch, mode: instance.mode, handOver });
  await target.files.write(brief, text);
  const prompt = services.adapterToStart(instance.agent).promptFor(task, brief);
  return (await recordRun(services, { id: task.id, instance, beginning })) ? { prompt, brief } : undefined;
};

const turnsOfTasks = makeTurnsByKey();

/** What an agent is to be told, and the agent as it was then. */
type Begun = { readonly prompt: Prompt; readonly instance: Instance };

/** Makes ready what a task is begun with, in a worktree where nothing else is begun meanwhile. */
const prepareRun = (services: DaemonServices, taskId: string, instanceId: string): Promise<Begun | undefined> =>
  turnsOfWorktrees(services)(instanceId, async () => {
    const { state } = services.store;
    if (!isStillAssigned(state, taskId, instanceId)) return undefined;
    const instance = state.instances[instanceId]!;
    const settle = () => settleClaims(services, services.targetOf(instance), claimOfTask(taskId));
    const begun = await beginRun(services, state.tasks[taskId]!, instance).catch(async (error: unknown) => {
      if (!services.signal.aborted) await settle();
      throw error;
    });
    await settle();
    return begun && { prompt: begun, instance };
  });

/**
 * Begins an assigned task: its branch and brief are made, its run is recorded, and its agent is told. Where it is given to
 * somebody else meanwhile, or the worktree to another task, what the first start has made is put away before the second makes
 * its own: side by side one would take the branch of the other for its own, or take the worktree off it.
 */
export const startTask = async (services: DaemonServices, taskId: string, instanceId: string): Promise<void> => {
  const begun = await turnsOfTasks(services)(taskId, () => prepareRun(services, taskId, instanceId));
  if (begun) await noteOutputBefore(services, instanceId);
  const { instances, tasks } = services.store.state;
  const task = tasks[taskId];
  // Somebody may have taken it away, or started the program again, as soon as it had begun.
  if (!begun || task?.run?.instance !== instanceId || !isSameProgram(services, begun.instance)) return;
  await deliverPrompt(services, instances[instanceId]!, task, begun.prompt);
};

/** Gives a brief again to an agent that never confirmed it; what was typed already is not typed again. */
export const deliverBriefAgain = async (services: DaemonServices, task: Task, instance: Instance): Promise<void> => {
  const brief = briefFile(services.targetOf(instance), instance.instance_id, task.id);
  const prompt = services.adapterToStart(instance.agent).promptFor(task, brief);
  await deliverPrompt(services, instance, task, { prompt, brief });
};

/** Tells an agent whose program was started again what happened, and to go on with the run that it was at. */
export const continueRun = async (services: DaemonServices, taskId: string, id: string): Promise<void> => {
  const { state } = services.store;
  const task = state.tasks[taskId];
  const instance = state.instances[id];
  const isHeld = (now: State): boolean =>
    now.tasks[taskId]?.state === 'running' && now.tasks[taskId].run?.instance === id;
  const isNext = (now: State): boolean =>
    now.instances[id]?.state.kind === 'idle' && now.instances[id].recovery?.next === 'go-on';
  if (!task?.run || !instance?.recovery) return;
  const { branch, restarts } = task.run;
  const why = `${instance.recovery.class}: ${instance.recovery.message}`;
  const goingOn = { restarts: restarts + 1, why };
  const text = briefOf(state, services.settings, task, { branch, mode: instance.mode, goingOn });
  const target = services.targetOf(instance);
  await target.files.write(briefFile(target, id, taskId), text);
  const begun = await services.decide((now): EventDraft[] => {
    const one = now.instances[id];
    if (!one?.recovery || !isNext(now) || !isHeld(now)) return [];
    const recovery = { ...one.recovery, next: null, due: null };
    return [
      { type: 'run.continued', data: { id: taskId, reason: why } },
      { type: 'instance.recovery_planned', data: { instance_id: id, recovery } },
      ...moved(now, id, { state: 'working', source: 'drover', evidence: `told to go on with ${taskId}` }),
    ];
  });
  const { instances, tasks } = services.store.state;
  if (begun.length === 0) return;
  await noteOutputBefore(services, id);
  if (isHeld(services.store.state)) await deliverBriefAgain(services, tasks[taskId]!, instances[id]!);
};
