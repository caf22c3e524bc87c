import type { Instance } from '../../state/instances.ts';
import { moved } from '../../state/moves.ts';
import { typeLine } from '../actions/type-line.ts';
import type { DaemonServices } from '../services.ts';
import { waitUntil } from '../wait-until.ts';
import { clearAlertFacts } from './alert-facts.ts';
import { answerHook, releaseClosedHooks } from './hook-pipes.ts';
import { runningTask } from './running-task.ts';
import { requestFacts } from './signal-facts.ts';

/** How long an agent may take to be seen going on, and a dialog to be gone before its keys are pressed again, in milliseconds. */
const PATIENCE = { goesOn: 5000, dialog: 1500 };
const MOST_TRIES = 3;
const LOOK_MS = 150;

/** `confirmed`: the agent was seen to have taken the answer. `known`: its question was answered already, and nothing was done. */
type Given = { readonly confirmed: boolean; readonly known?: boolean };

const ANSWERED: Given = { confirmed: false, known: true };

/** Whether an agent waits no longer with that question. */
const hasGoneOn = (services: DaemonServices, { instance_id: id, state }: Instance): boolean => {
  const now = services.store.state.instances[id];
  return now?.state.kind !== 'waiting' || now.state.since !== state.since;
};

/** Waits until an agent has gone on, so many milliseconds at most; whether it has. */
const waitUntilGoneOn = (services: DaemonServices, instance: Instance, ms: number): Promise<boolean> =>
  waitUntil(services, () => hasGoneOn(services, instance), ms);

/** Whether the dialog of an agent is not there any more; undefined where its screen does not tell. */
const isDialogGone = async (services: DaemonServices, instance: Instance): Promise<boolean | undefined> => {
  const { readAsking } = services.adapterFor(instance.agent);
  if (!readAsking) return undefined;
  return !readAsking(await services.targetOf(instance).tmux.capture(instance.pane!));
};

/** Records that an agent took an answer, by its screen: with a task it goes on, and before one it tells itself what comes. */
const recordTaken = (services: DaemonServices, instance: Instance): Promise<unknown> =>
  services.decide((state) => {
    const { instance_id: id } = instance;
    const now = state.instances[id];
    if (now?.state.since !== instance.state.since) return [];
    const [, ...rest] = now.requests ?? [];
    if (rest.length > 0) return requestFacts(state, id, rest, 'hook');
    const next = runningTask(state, now) ? 'working' : 'unknown';
    return [
      ...clearAlertFacts(state, `waiting:${id}`, 'it is answered'),
      ...moved(state, id, { state: next, source: 'screen', evidence: 'its question is answered' }),
    ];
  });

/** Waits for the dialog of an agent: a hook may tell of it before it is drawn. */
const waitForDialog = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const end = performance.now() + PATIENCE.dialog;
  while ((await isDialogGone(services, instance)) === true && performance.now() < end)
    if (await waitUntilGoneOn(services, instance, LOOK_MS)) return;
};

/** Whether an agent took the keys: its dialog is gone, or it has gone on. */
const isTaken = async (services: DaemonServices, instance: Instance): Promise<boolean> => {
  const end = performance.now() + PATIENCE.dialog;
  while (performance.now() < end) {
    if (await waitUntilGoneOn(services, instance, LOOK_MS)) return true;
    if ((await isDialogGone(services, instance)) === true) return true;
  }
  return false;
};

/** The word under which keys are pressed: under the same one they are pressed once, whoever repeats it. */
const onceWord = ({ state }: Instance, tries = 0): string => `asked ${state.since}${tries === 0 ? '' : ` ${tries}`}`;

/** Answers a dialog that is not recognised: once, and what the agent does then is the only proof. */
const pressOnce = async (services: DaemonServices, instance: Instance, keys: readonly string[]): Promise<Given> => {
  if (hasGoneOn(services, instance)) return ANSWERED;
  if (!(await services.targetOf(instance).tmux.reply(instance.pane!, keys, onceWord(instance)))) return ANSWERED;
  return { confirmed: await waitUntilGoneOn(services, instance, PATIENCE.goesOn) };
};

/** Presses keys until the dialog of an agent is gone or the agent has gone on. */
const pressUntilTaken = async (
  services: DaemonServices,
  instance: Instance,
  keys: readonly string[],
): Promise<Given> => {
  await waitForDialog(services, instance);
  if ((await isDialogGone(services, instance)) !== false) return pressOnce(services, instance, keys);
  // Where more is asked the next dialog stands there as soon as this one is gone.
  const mostTries = (instance.requests ?? []).length <= 1 ? MOST_TRIES : 1;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (hasGoneOn(services, instance)) return tries === 0 ? ANSWERED : { confirmed: true };
    if (!(await services.targetOf(instance).tmux.reply(instance.pane!, keys, onceWord(instance, tries))))
      return ANSWERED;
    if (await isTaken(services, instance)) return { confirmed: true };
  }
  return { confirmed: false };
};

/**
 * Answers what an agent waits with, and makes sure that the answer arrives: by the hook that waits for it, else by the
 * keys that mean it. A question is answered once, whoever repeats the answer.
 */
export const giveAnswer = async (services: DaemonServices, instance: Instance, answer: string): Promise<Given> => {
  // Other agents may have been answered before this one, which takes a while.
  if (hasGoneOn(services, instance)) return ANSWERED;
  const adapter = services.adapterFor(instance.agent);
  const [request] = instance.requests ?? [];
  const line = request && request.ask !== null ? adapter.replyToHook?.(request, answer) : undefined;
  if (line !== undefined && (await answerHook(services.targetOf(instance), request!.ask!, line)))
    return { confirmed: await waitUntilGoneOn(services, instance, PATIENCE.goesOn) };
  const { keys, afterwards } = adapter.reply(instance.question ?? '', answer);
  const given = await pressUntilTaken(services, instance, keys);
  // Words would be keys of a dialog that still stands there.
  if (given.known === true || (!given.confirmed && (await isDialogGone(services, instance)) === false)) return given;
  // What is typed then makes the agent go on, and is the better proof.
  if (afterwards !== undefined) await typeLine(services, instance, { text: afterwards });
  else if (given.confirmed) await recordTaken(services, instance);
  await releaseClosedHooks(services, instance);
  return given;
};
