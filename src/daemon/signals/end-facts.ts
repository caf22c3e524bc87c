import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity, moved } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import type { Broken } from '../../tasks/recovery.ts';
import { giveBackFacts, unpinnedFacts } from '../actions/release-facts.ts';
import { clearAlertFacts, programOverFacts } from './alert-facts.ts';
import { brokenInstanceAlert, brokenRunOf, type RecoveryContext, runRecoveryFacts } from './run-recovery-facts.ts';
import { runEndFacts, runningTask } from './running-task.ts';

/** Why a program may have ended that did nothing wrong, and what was seen of it. */
export type EndCause = { readonly class: 'disk' | 'memory'; readonly evidence: string };

type End = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly oneShot: boolean;
  readonly cause?: EndCause | undefined;
};

/** The exit codes of a shell whose program is not there, or cannot be run. */
const NO_PROGRAM = [126, 127];

const endInWords = ({ code, signal, cause }: Pick<End, 'code' | 'signal' | 'cause'>): string =>
  `${signal ? `ended by ${signal}` : `ended with ${code ?? 'an unknown status'}`}${cause ? `: ${cause.evidence}` : ''}`;

/** Whether the program of an instance was started for this run. */
const isOfRun = ({ transitions }: Instance, { run }: Task): boolean => {
  // Of a long life only the last states are kept: then the program was started before the first of them.
  const started = transitions.findLast(({ kind }) => kind === 'starting') ?? transitions[0];
  return run !== null && started !== undefined && started.since >= run.started_at;
};

/** The facts that free an instance which waits with a question of a program that has ended. */
const noLongerAskingFacts = (state: State, instance: Instance): EventDraft[] =>
  activity(instance).kind === 'waiting'
    ? moved(state, instance.instance_id, { state: 'idle', source: 'terminal', evidence: 'its program has ended' })
    : [];

type BrokenProgram = {
  readonly end: End;
  readonly broken: Broken;
  readonly run: ReturnType<typeof brokenRunOf>;
};

/** The facts when a program has failed: what becomes of its run and of what it had besides, and how it is told. */
const brokenFacts = (state: State, instance: Instance, { end, broken, run }: BrokenProgram): EventDraft[] => {
  const { instance_id: id } = instance;
  const how = endInWords(end);
  const exit = { code: end.code, signal: end.signal };
  return [
    ...runRecoveryFacts(instance, run, broken),
    ...giveBackFacts(state, instance, `the program of ${id} ${how}`),
    ...programOverFacts(state, id, 'its program has ended'),
    ...moved(state, id, { state: 'failed', source: 'terminal', evidence: how, exit, failure: broken.class }),
    brokenInstanceAlert(id, `${id} crashed: its program ${how}`, run),
  ];
};

/** Signals by which a person ends a program at its terminal: it is not started again by itself then. */
const BY_HAND: readonly (string | null)[] = ['SIGINT', 'SIGQUIT'];

/**
 * The end of an agent that runs once a task: it claims by success, and by an exit with an error it says that it failed, which ends
 * the run and not the instance. What ended it from outside is a crash as that of any other agent.
 */
const oneShotEndFacts = (
  state: State,
  instance: Instance,
  end: End,
  recoveryContext: RecoveryContext | undefined,
): EventDraft[] => {
  const { code, signal, cause } = end;
  const task = runningTask(state, instance);
  const id = instance.instance_id;
  const over = clearAlertFacts(state, `waiting:${id}`, 'its program has ended');
  // Between two tasks no program runs, and the one that has ended may still be that of the task before.
  if (!task || !isOfRun(instance, task)) return task ? [] : [...over, ...noLongerAskingFacts(state, instance)];
  const exit = { code, signal };
  const how = `${signal ? 'was ' : ''}${endInWords({ code, signal, cause })}`;
  if (code === 0)
    return [
      ...over,
      { type: 'run.claimed', data: { id: task.id, summary: null } },
      ...moved(state, id, { state: 'verifying', source: 'terminal', evidence: `its program ${how}`, exit }),
    ];
  const kind = cause?.class ?? (signal ? 'crash' : 'agent');
  const broken: Broken = { class: kind, message: `the program of ${id} ${how}` };
  const run = brokenRunOf(state, instance, broken, recoveryContext);
  const isCrash = kind !== 'agent' && !BY_HAND.includes(signal);
  if (isCrash && run?.recovery) return brokenFacts(state, instance, { end, broken, run });
  return [
    ...over,
    ...runEndFacts(state, instance, broken),
    ...moved(state, id, { state: 'idle', source: 'terminal', evidence: `its program ${how}`, exit }),
  ];
};

/** The facts when a person has quit an agent: it is not started again, and its task waits for their word. */
const quitFacts = (
  state: State,
  instance: Instance,
  exit: { code: number | null; signal: string | null },
): EventDraft[] => {
  const id = instance.instance_id;
  const task = runningTask(state, instance);
  const how = endInWords(exit);
  const left: EventDraft[] = task
    ? [
        { type: 'run.failed', data: { id: task.id, failure: { class: 'stopped', message: `${id} was quit` } } },
        {
          type: 'alert.raised',
          data: {
            id: `failed:${task.id}`,
            severity: 'warning',
            text: `${task.id} was left unfinished: ${id} was quit in the middle of it; what it did is kept`,
            suggestion: `retry task ${saidId(task.id)}`,
            instance: id,
            task: task.id,
          },
        },
      ]
    : [];
  return [...left, ...moved(state, id, { state: 'stopped', source: 'terminal', evidence: how, exit })];
};

/** The facts when the program of an instance has ended: a crash, a person's goodbye, or the end of a one-shot agent. */
export const endFacts = (state: State, id: string, end: End, recoveryContext?: RecoveryContext): EventDraft[] => {
  const instance = state.instances[id];
  if (!instance || ['creating', 'stopping', 'stopped', 'failed'].includes(instance.state.kind)) return [];
  const exit = { code: end.code, signal: end.signal };
  const how = endInWords(end);
  if (end.oneShot) return oneShotEndFacts(state, instance, end, recoveryContext);
  // An agent that ends before it took a prompt has not been quit.
  const isQuit = end.code === 0 && (instance.state.kind !== 'starting' || !runningTask(state, instance));
  if (isQuit)
    return [
      ...giveBackFacts(state, instance, `the program of ${id} ${how}`),
      ...programOverFacts(state, id, 'its program has ended'),
      ...quitFacts(state, instance, exit),
    ];
  const hopeless = NO_PROGRAM.includes(end.code ?? 0) && instance.state.kind === 'starting';
  const broken: Broken = {
    class: hopeless ? 'no-program' : (end.cause?.class ?? 'crash'),
    message: hopeless ? `the program of ${id} cannot be run` : `${id} ${how}`,
    ...(hopeless ? { instead: 'move' } : {}),
  };
  const run = brokenRunOf(state, instance, broken, recoveryContext);
  return brokenFacts(state, instance, { end, broken, run });
};

/** `server`: the tmux server is gone with everything in it, which is nobody's failure. */
export type Loss = { readonly server: boolean; readonly recoveryContext: RecoveryContext };

/** The facts when the session of an instance is not there any more. */
export const lossFacts = (state: State, id: string, loss?: Loss): EventDraft[] => {
  const instance = state.instances[id];
  if (!instance || ['creating', 'stopping', 'stopped', 'failed', 'lost'].includes(instance.state.kind)) return [];
  const broken: Broken = {
    class: 'session-lost',
    message: `the session of ${id} is gone`,
    ...(loss?.server ? { instead: 'person' } : {}),
  };
  const run = brokenRunOf(state, instance, broken, loss?.recoveryContext);
  return [
    ...runRecoveryFacts(instance, run, broken),
    ...unpinnedFacts(state, instance, broken.message),
    ...programOverFacts(state, id, 'its session is gone'),
    ...moved(state, id, { state: 'lost', source: 'terminal', evidence: 'session gone' }),
    brokenInstanceAlert(id, `${id} is lost: its tmux session ${instance.session} is gone`, run),
  ];
};
