import { alertsCleared } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, moved } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import type { PlanAction } from '../../tasks/plan.ts';
import { type Broken, canMove, recoveryRulesIn } from '../../tasks/recovery.ts';
import { type DaemonServices, markOf } from '../services.ts';
import { brokenRun, brokenRunFacts, brokenTrouble, recoveringIn } from '../signals/run-recovery-facts.ts';
import { instanceTrouble, taskTrouble, troubleOver } from '../signals/trouble.ts';
import { saveUnfinished } from './reassign-run.ts';
import { pressAll } from './stop.ts';

const isDue = (state: State, id: string): boolean =>
  ['failed', 'lost', 'stuck'].includes(state.instances[id]?.state.kind ?? '') &&
  state.instances[id]?.recovery?.next === 'restart';

/** Asks for the program of an instance to be started again with the run that it was at. */
export const performRestart = async (services: DaemonServices, instance_id: string): Promise<void> => {
  await services.decide((state): EventDraft[] => {
    const { recovery } = state.instances[instance_id] ?? {};
    if (!recovery || !isDue(state, instance_id)) return [];
    const { unready, tries } = recovery;
    // A conversation with which it ends before it takes a prompt, twice, is not gone on with.
    const fresh = unready && tries > 1;
    return [
      {
        type: 'instance.restart_requested',
        data: { instance_id, fresh, recovery: { ...recovery, next: 'go-on', due: null } },
      },
    ];
  });
};

const heldRun = (state: State, id: string, task: string): Task | undefined => {
  const held = state.tasks[task];
  return held?.state === 'running' && held.run?.instance === id ? held : undefined;
};

/** What ends a run for good: somebody else goes on with it, or a person has to look at it. */
const leftFacts = (state: State, one: Instance, task: Task, { failure, moves }: Left): EventDraft[] => {
  const { id } = task;
  const ends: EventDraft = { type: 'run.failed', data: { id, failure } };
  if (!canMove(state, task, one, moves)) return [ends, taskTrouble(id, failure, one.instance_id)];
  const reason = `taken from ${one.instance_id}: ${failure.class}: ${failure.message}`;
  return [
    ends,
    { type: 'task.reopened', data: { id, reason } },
    { type: 'task.requested', data: { ids: [id] } },
    ...alertsCleared(state, id, 'it goes elsewhere'),
  ];
};

type Left = { readonly failure: Pick<Broken, 'class' | 'message'>; readonly moves: number };

const failureOf = ({ recovery, state }: Instance): Pick<Broken, 'class' | 'message'> =>
  recovery
    ? { class: recovery.class, message: recovery.message }
    : { class: 'limited', message: `its limit lasts until ${state.until ?? 'nobody knows when'}` };

/**
 * Takes a run from an instance that does not finish it: what it has not committed is saved on its branch, and a program
 * that hangs is ended. One whose limit is used up is told to stop, and waits on for the end of its limit.
 */
export const performHandOver = async (
  services: DaemonServices,
  action: Extract<PlanAction, { kind: 'hand-over' }>,
): Promise<void> => {
  const { instance: id, task: taskId } = action;
  const { state } = services.store;
  const one = state.instances[id];
  const task = heldRun(state, id, taskId);
  if (!one || !task) return;
  const hangs = one.state.kind === 'stuck';
  if (hangs) await services.tmux.kill(one.session, markOf(services.paths, id));
  await saveUnfinished(services, state, taskId, task.run!);
  const { moves } = recoveryRulesIn(services.settings);
  const taken = await services.decide((now): EventDraft[] => {
    const instance = now.instances[id];
    const held = heldRun(now, id, taskId);
    if (!instance || !held) return [];
    const failure = failureOf(instance);
    const given = `${id} was given up: ${failure.message}`;
    return [
      ...leftFacts(now, instance, held, { failure, moves }),
      ...(hangs
        ? [
            ...troubleOver(now, `stuck:${id}`, 'given up'),
            ...moved(now, id, { state: 'failed', source: 'drover', evidence: 'hang: given up' }),
            instanceTrouble(id, given),
          ]
        : []),
    ];
  });
  // After it was taken: else its word that it was interrupted would end the run as one that a person has stopped.
  if (taken.length > 0 && one.state.kind === 'limited' && one.pane !== null)
    await pressAll(services, one.pane, services.adapterFor(one.agent).interruptKeys);
};

/** What is known when a program could not be started again or not be told to go on: that was a try as well. */
export const retryFacts = (services: DaemonServices, state: State, id: string, why: string): EventDraft[] => {
  const instance = state.instances[id];
  if (instance?.recovery?.next !== 'go-on') return [];
  const broken: Broken = { class: 'drover', message: why };
  const run = brokenRun(state, instance, broken, recoveringIn(services));
  if (!run) return [];
  return [
    ...brokenRunFacts(instance, run, broken),
    ...moved(state, id, { state: 'failed', source: 'drover', evidence: why }),
    brokenTrouble(id, `${id} could not go on: ${why}`, run),
  ];
};

/** When the next program is to be started again, as a time; undefined when none is. */
export const nextDue = ({ instances }: State): string | undefined =>
  Object.values(instances)
    .flatMap(({ recovery, state }) =>
      recovery?.next === 'restart' && recovery.due && (!isAlive(state.kind) || state.kind === 'stuck')
        ? [recovery.due]
        : [],
    )
    .toSorted()[0];
