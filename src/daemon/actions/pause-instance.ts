import { asSentence } from '../../lib/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import type { Target } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity, isAlive, isBusy } from '../../state/moves.ts';
import { runsOf } from '../../state/runs.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { waitUntil } from '../wait-until.ts';
import { freeze, thaw } from './freeze.ts';
import { interruptInstance } from './stop-instance.ts';

const processCount = (count: number): string => (count === 1 ? '1 process' : `${count} processes`);

/** Whether an instance is still to be paused. */
const isToBePaused = (state: State, id: string): boolean => {
  const instance = state.instances[id];
  return instance?.hold === 'pausing' && isAlive(instance.state.kind);
};

/** How long the daemon may take to know that a program has ended, in milliseconds. */
const END_MS = 3000;

/** The facts when an instance could not be frozen: it goes on, and a person hears why. */
const notPausedFacts = (id: string, { message, hint = '' }: { message: string; hint?: string }): EventDraft[] => [
  {
    type: 'instance.resumed',
    data: { instance_id: id, evidence: `could not be frozen: ${message.replace(/\.$/u, '')}` },
  },
  {
    type: 'alert.raised',
    data: {
      id: `pause:${id}`,
      severity: 'error',
      text: `${id} could not be paused: ${asSentence(message)} ${hint}`.trim(),
      suggestion: `pause instance ${saidId(id)}`,
      instance: id,
      task: null,
    },
  },
];

/** The facts when nothing of an instance could be let go on: it is paused as before, and a person hears it. */
const stillFrozenFacts = (id: string): EventDraft[] => {
  const evidence = 'still frozen: which of its processes were stopped cannot be read now';
  return [
    { type: 'instance.paused', data: { instance_id: id, evidence } },
    {
      type: 'alert.raised',
      data: {
        ...{ id: `frozen:${id}`, severity: 'error', text: `${id} does nothing: it is ${evidence}` },
        ...{ suggestion: `resume instance ${saidId(id)}`, instance: id, task: null },
      },
    },
  ];
};

/**
 * Freezes everything that an instance runs. tmux lets a child of its own that is stopped go on at once, but that is
 * only a shell that waits (assets/pane.sh).
 */
export const pauseInstance = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const { instance_id: id, pid, agent } = instance;
  const wanted = (): boolean => isToBePaused(services.store.state, id);
  try {
    const frozen = pid === null ? [] : await freeze(services, { instance, shell: pid, wanted });
    const oneShot = services.adapterFor(agent).prompt === 'argument';
    // Nothing runs in its pane: its program has ended, and that is about to be known.
    if (frozen.length === 0 && !oneShot) await waitUntil(services, (state) => !isToBePaused(state, id), END_MS);
    const evidence = frozen.length === 0 ? 'nothing of it runs' : `frozen: ${processCount(frozen.length)}`;
    const facts = await services.decide((state) =>
      isToBePaused(state, id)
        ? [
            { type: 'instance.paused', data: { instance_id: id, evidence } },
            ...clearAlertFacts(state, `pause:${id}`, 'it is paused'),
          ]
        : [],
    );
    // Meanwhile the instance was stopped, restarted or let go on.
    if (facts.length === 0) await thaw(services, instance);
  } catch (error) {
    if (services.signal.aborted || !(error instanceof Error)) throw error;
    services.log(`${id} could not be paused: ${error.message}`);
    const going = await thaw(services, instance);
    const facts = going === null ? stillFrozenFacts(id) : notPausedFacts(id, error);
    await services.decide((state) => (isToBePaused(state, id) ? facts : []));
  }
};

/** Whether the run of a frozen instance was taken from it, which it could not hear: it is told when it goes on. */
const isOutOfWork = (state: State, instance: Instance): boolean => {
  const doing = activity(instance);
  const own = valuesOf(state.tasks).filter((task) => task.assignee === instance.instance_id);
  if (!isBusy(doing.kind) || own.some((task) => ['running', 'verifying'].includes(task.state))) return false;
  return valuesOf(state.tasks)
    .flatMap(runsOf)
    .some(
      (run) =>
        run.instance === instance.instance_id &&
        run.failure?.class === 'stopped' &&
        run.ended_at !== null &&
        run.ended_at >= doing.since,
    );
};

/** Lets a frozen instance go on where it was. */
export const resumeInstance = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const { instance_id: id } = instance;
  const going = await thaw(services, instance);
  const outOfWork = isOutOfWork(services.store.state, instance);
  const facts = await services.decide((state) => {
    if (state.instances[id]?.hold !== 'resuming') return [];
    if (going === null) return stillFrozenFacts(id);
    return [
      { type: 'instance.resumed', data: { instance_id: id, evidence: `goes on: ${processCount(going)}` } },
      ...clearAlertFacts(state, `frozen:${id}`, 'it goes on'),
    ];
  });
  const now = services.store.state.instances[id];
  if (going !== null && facts.length > 0 && outOfWork && now) await interruptInstance(services, now);
};

/** Lets programs of a machine's instances go on that nobody pauses: left frozen by one that ended, or by a daemon before. */
export const thawUnpaused = async (services: DaemonServices, target: Target): Promise<void> => {
  for (const instance of instancesOn(target, services.store.state))
    if (instance.hold === null) await thaw(services, instance);
};
