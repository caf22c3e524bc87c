import { isPassing } from '../../attention/failure-help.ts';
import { saidId } from '../../protocol/say.ts';
import { type Alert, leftAlertId } from '../../state/alerts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { FailureClass } from '../../state/tasks.ts';

type About = { readonly about?: 'instance' | 'stuck'; readonly severity?: 'info' | 'warning' | 'error' };

/** The alert about an instance that needs to be started again. `about` tells its alerts apart; each is there once. */
export const instanceAlert = (
  id: string,
  text: string,
  { about = 'instance', severity = 'error' }: About = {},
): EventDraft => ({
  type: 'alert.raised',
  data: {
    id: `${about}:${id}`,
    severity,
    text,
    suggestion: `restart instance ${saidId(id)}`,
    instance: id,
    task: null,
  },
});

/** The fact that puts an alert away; nothing where it is not raised. */
export const clearAlertFacts = (state: State, id: string, because: string): EventDraft[] =>
  state.alerts[id] ? [{ type: 'alert.cleared', data: { id, because } }] : [];

/** What alerts tell of that holds only while the program goes on as it is: it ends with the program, and when that goes on. */
const CALMED = ['waiting', 'unanswered', 'stuck', 'limited', 'interrupted', 'turn'];

/** The facts that put away what is over with what an instance did until now. */
export const calmedFacts = (state: State, instance: string, because: string): EventDraft[] =>
  CALMED.flatMap((about) => clearAlertFacts(state, `${about}:${instance}`, because));

/** What alerts tell of that ends with the program, and not before. */
const OVER = [...CALMED, 'typing', 'frozen', 'pause', 'elsewhere'];

/** Whether what an alert tells of an instance is over when that is stopped: of its task the task tells. */
export const isOverWith = ({ id: alert, instance, task }: Alert, id: string): boolean =>
  alert === leftAlertId(id) || (instance === id && (task === null || OVER.some((about) => alert === `${about}:${id}`)));

/** The facts that put away what is over with the program of an instance. */
export const programOverFacts = (state: State, instance: string, because: string): EventDraft[] =>
  OVER.flatMap((about) => clearAlertFacts(state, `${about}:${instance}`, because));

/** The fact that nothing more has to be done about the run of an instance whose program had failed. */
export const recoveryEndFact = (instance_id: string, because: string): EventDraft => ({
  type: 'instance.recovery_ended',
  data: { instance_id, because },
});

type Failure = { readonly class: FailureClass; readonly message: string };

/** It is tried again where that may get past the failure; otherwise the failure is to be seen first. */
const undoneAlert = (task: string, failed: string, failure: Failure, instance: string | null): EventDraft => ({
  type: 'alert.raised',
  data: {
    id: `failed:${task}`,
    severity: 'error',
    text: `${task} ${failed}: ${failure.message}`,
    suggestion: isPassing(failure.class) ? `retry task ${saidId(task)}` : `show failure ${saidId(task)}`,
    instance,
    task,
  },
});

/** The alert about a task whose run has failed. */
export const taskAlert = (task: string, failure: Failure, instance: string | null): EventDraft =>
  undoneAlert(task, `failed (${failure.class})`, failure, instance);

/** The facts that block a task which could not be begun, and say so in the word that lists have for it. */
export const blockedFacts = (task: string, failure: Failure, instance: string | null): EventDraft[] => [
  { type: 'task.blocked', data: { id: task, reason: failure.message } },
  undoneAlert(task, 'is blocked', failure, instance),
];
