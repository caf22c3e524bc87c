import { notInstalled } from '../../agents/errors.ts';
import { saysDiskFull } from '../../lib/disk-space.ts';
import { AppError, adviceOf, asSentence } from '../../lib/errors.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, moved } from '../../state/moves.ts';
import type { FailureClass, Task } from '../../state/tasks.ts';
import { costsInstances, lastTaskOn, lostAfter, lostAfterText } from '../../tasks/lost-after.ts';
import type { PlanAction } from '../../tasks/plan.ts';
import type { DaemonServices } from '../services.ts';
import { blockedFacts, instanceAlert, taskAlert } from '../signals/alert-facts.ts';
import { releaseFacts, unpreparedFacts } from './release-facts.ts';
import { failedRestartFacts } from './restart-run.ts';

/** Errors by which the worktree of an instance is of no use, whichever task is to be begun there or has ended there. */
const WORKTREE_LOST: readonly string[] = [
  ...['git/worktree-gone', 'git/unlinked', 'git/not-ours', 'git/tampered', 'git/dirty', 'git/held-up'],
  'git/under-way',
  ...['git/odd', 'git/not-brought', 'git/too-much', 'git/too-many', 'git/too-large', 'git/refused-name'],
];

/** Errors by which an instance has lost what it lives in: without that no task can be begun there. */
const HOME_LOST: readonly string[] = ['tmux/no-server', 'tmux/not-found', 'tmux/pane-dead', ...WORKTREE_LOST];

const isOneOf = (codes: readonly string[], error: unknown): error is AppError =>
  error instanceof AppError && codes.includes(error.code);

/** The facts that hand a task to nobody any more, because instances were lost to it one after the other; none where they were not. */
const handedToNobodyFacts = (state: State, id: string, task: Task | undefined, why: string): EventDraft[] => {
  if (!task || !['open', 'assigned'].includes(task.state) || !costsInstances(state, task, 1)) return [];
  const reason = `${lostAfterText([...lostAfter(state, task), id])}: ${why}`;
  return blockedFacts(task.id, { class: 'drover', message: reason }, id);
};

/** The facts that hold an instance which has lost what it lives in, and give others what it has but for one task. */
const lostFacts = (state: State, instance: Instance, error: AppError, except?: string): EventDraft[] => {
  const { instance_id: id, task_assignments } = instance;
  const reason = `${id} is lost: ${asSentence(error.message)}`;
  // A terminal that is gone is not the work of the task that was there.
  const isWork = WORKTREE_LOST.includes(error.code);
  const culprit = isWork ? lastTaskOn(state, id) : undefined;
  const kept = handedToNobodyFacts(state, id, culprit, error.message);
  const stays = (task: string): boolean => task === except || (kept.length > 0 && task === culprit?.id);
  const given = { ...instance, task_assignments: task_assignments.filter((task) => !stays(task)) };
  return [
    ...kept,
    ...releaseFacts(state, given, { reason, again: true }),
    ...moved(state, id, { state: 'lost', source: isWork ? 'drover' : 'terminal', evidence: error.message }),
    instanceAlert(id, `${reason} ${error.hint}`),
  ];
};

/** The facts about a task that could not be begun because its instance ends: while it is stopped, the stop gives it back. */
const endedHolderFacts = (state: State, { instance }: { readonly instance: string }): EventDraft[] => {
  const one = state.instances[instance];
  // A stop that has ended has given back the tasks it knew of; this one came later.
  if (!one || one.state.kind === 'stopping') return [];
  return releaseFacts(state, one, { reason: `${instance} is ${one.state.kind}`, again: one.state.kind !== 'stopped' });
};

/**
 * The facts when a task could not be begun, or not be gone on with, for want of a terminal or folder: its instance has failed,
 * and others take it. Of a run that was gone on with, the end of its program has said what comes.
 */
const lostHomeFacts = (state: State, action: PlanAction, error: unknown): EventDraft[] | undefined => {
  if (action.kind !== 'start' && action.kind !== 'continue') return undefined;
  const instance = state.instances[action.instance];
  if (!instance || !isAlive(instance.state.kind)) return action.kind === 'start' ? endedHolderFacts(state, action) : [];
  return isOneOf(HOME_LOST, error) ? lostFacts(state, instance, error) : undefined;
};

/** What failed, in words, and of which kind that is. */
type Why = { readonly why: string; readonly class: FailureClass; readonly error: unknown };

const notStartedOrStoppedFacts = (
  state: State,
  { kind, instance }: Extract<PlanAction, { kind: 'launch' | 'stop' }>,
  { why, class: failure }: Why,
): EventDraft[] => {
  const [failed, help] =
    kind === 'launch'
      ? ['started', `restart instance ${saidId(instance)}`]
      : ['stopped', `stop instance ${saidId(instance)} force`];
  const text = `${instance} could not be ${failed}: ${why}`;
  return [
    ...moved(state, instance, { state: 'failed', source: 'drover', evidence: why, failure }),
    ...unpreparedFacts(state, instance, why),
    {
      type: 'alert.raised',
      data: { id: `instance:${instance}`, severity: 'error', text, suggestion: help, instance, task: null },
    },
  ];
};

/** The work of a racer that cannot be put away stays on its branch. */
const unsettledFacts = ({ tasks }: State, racer: string): EventDraft[] => {
  const id = tasks[racer]?.race_of;
  return id === undefined ? [] : [{ type: 'race.settled', data: { id, racer, archive: null } }];
};

type AboutTask = Extract<PlanAction, { kind: 'assign' | 'start' | 'prepare' | 'continue' | 'hand-over' | 'verify' }>;

/** Whether a task still is with whom the action was about: meanwhile somebody may have cancelled it, or given it to another. */
const isStillMeant = ({ tasks }: State, action: AboutTask): boolean => {
  const task = tasks[action.task];
  if (action.kind === 'verify') return task?.state === 'verifying';
  return task?.assignee === action.instance && (task.state === 'assigned' || task.state === 'running');
};

const givenUpFacts = (services: DaemonServices, state: State, action: PlanAction, told: Why): EventDraft[] => {
  const { why, class: kind } = told;
  if (action.kind === 'launch' || action.kind === 'continue') {
    const again = failedRestartFacts(services, state, action.instance, told);
    if (again.length > 0) return again;
  }
  if (action.kind === 'launch' || action.kind === 'stop') return notStartedOrStoppedFacts(state, action, told);
  if (action.kind === 'settle-racer') return unsettledFacts(state, action.task);
  if (!('task' in action) || action.kind === 'retry' || action.kind === 'end-race') return [];
  if (!isStillMeant(state, action)) return [];
  const { task } = action;
  const failure = { class: kind, message: why };
  if (state.tasks[task]?.state === 'assigned') return blockedFacts(task, failure, null);
  const holder = state.tasks[task]?.run?.instance ?? '';
  const instance = state.instances[holder];
  const isLost = instance !== undefined && isAlive(instance.state.kind) && isOneOf(WORKTREE_LOST, told.error);
  return [
    { type: 'run.failed', data: { id: task, failure } },
    taskAlert(task, failure, null),
    ...(isLost
      ? lostFacts(state, instance, told.error, task)
      : moved(state, holder, { state: 'idle', source: 'drover', evidence: `${task} failed` })),
  ];
};

const classOf = (error: unknown): FailureClass => {
  if (saysDiskFull(error)) return 'disk';
  return notInstalled.matches(error) ? 'no-program' : 'drover';
};

/** The facts after an action that could not be carried out: they end it, so that it is not tried for ever. */
export const failedActionFacts = (
  services: DaemonServices,
  state: State,
  action: PlanAction,
  error: unknown,
): EventDraft[] =>
  lostHomeFacts(state, action, error) ??
  givenUpFacts(services, state, action, { why: adviceOf(error), class: classOf(error), error });
