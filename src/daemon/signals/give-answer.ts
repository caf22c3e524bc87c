import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from '../../state/instances.ts';
import { moved } from '../../state/moves.ts';
import { typeLine } from '../actions/type-line.ts';
import type { DaemonServices } from '../services.ts';
import { makeTurnsByKey } from '../turns.ts';
import { waitUntil } from '../wait-until.ts';
import { clearAlertFacts } from './alert-facts.ts';
import { answerByLooks } from './answer-by-looks.ts';
import { answerHook, releaseClosedHooks } from './hook-pipes.ts';
import { knownRecord } from './known-records.ts';
import { runningTask } from './running-task.ts';
import { requestFacts } from './signal-facts.ts';
import { hasGoneOn, stillAsks } from './still-asks.ts';
import { noteTypedAnswer } from './typed-answers.ts';

/** How long an agent may take to be seen going on, and a dialog to be gone before its keys are pressed again, in milliseconds. */
const PATIENCE = { goesOn: 5000, dialog: 1500 };
const MOST_TRIES = 3;
const LOOK_MS = 150;

/**
 * `confirmed`: the agent was seen to have taken the answer. `known`: its question was answered already, and nothing was done.
 * `untold`: what it was to be told behind a refusal was not typed, because a dialog stands there.
 */
type Given = { readonly confirmed: boolean; readonly known?: boolean; readonly untold?: boolean };

const ANSWERED: Given = { confirmed: false, known: true };

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

/** Keys that are pressed at once, after a wait. */
type Step = { readonly waitMs: number; readonly keys: readonly string[] };

const stepsOf = (keys: readonly string[]): readonly Step[] => {
  const steps: { waitMs: number; keys: string[] }[] = [];
  for (const key of keys) {
    if (key.startsWith('wait:')) steps.push({ waitMs: Number(key.slice('wait:'.length)), keys: [] });
    else if (steps.length === 0) steps.push({ waitMs: 0, keys: [key] });
    else steps.at(-1)!.keys.push(key);
  }
  return steps;
};

/** An answer, and the request by which it is given; undefined for that of a rule. */
type Answer = { readonly text: string; readonly by: string | undefined };

/**
 * `seen`: the dialog was recognised on the screen; `once`: the word under which the keys are pressed; `by`: the request that they
 * are pressed for, which the terminal remembers.
 */
type Pressing = { readonly seen: boolean; readonly once: string; readonly by: string | undefined };

/**
 * Presses keys for a question as long as it is asked: after each wait it is looked again, because somebody at the terminal
 * may have answered meanwhile, and the keys would be for what comes next. False when none of them was pressed.
 */
const pressWhileAsked = async (
  services: DaemonServices,
  instance: Instance,
  keys: readonly string[],
  { seen, once, by }: Pressing,
): Promise<boolean> => {
  const { tmux } = services.targetOf(instance);
  let isPressed = false;
  const steps = stepsOf(keys);
  for (const [at, step] of steps.entries()) {
    if (step.waitMs > 0) await pause(step.waitMs, undefined, { signal: services.signal });
    if (step.keys.length === 0) continue;
    if (!(await stillAsks(services, instance, seen))) return isPressed;
    if (
      !(await tmux.reply(
        instance.pane!,
        step.keys,
        isPressed ? `${once} ${at}` : once,
        at === steps.length - 1 ? by : undefined,
      ))
    )
      return isPressed;
    isPressed = true;
  }
  return isPressed;
};

/** Answers a dialog that is not recognised: once, and what the agent does then is the only proof. */
const pressOnce = async (
  services: DaemonServices,
  instance: Instance,
  keys: readonly string[],
  by: string | undefined,
): Promise<Given> => {
  const pressing = { seen: false, once: onceWord(instance), by };
  if (!(await pressWhileAsked(services, instance, keys, pressing))) return ANSWERED;
  return { confirmed: await waitUntilGoneOn(services, instance, PATIENCE.goesOn) };
};

/** Presses keys until the dialog of an agent is gone or the agent has gone on. */
const pressUntilTaken = async (
  services: DaemonServices,
  instance: Instance,
  keys: readonly string[],
  by: string | undefined,
): Promise<Given> => {
  await waitForDialog(services, instance);
  if ((await isDialogGone(services, instance)) !== false) return pressOnce(services, instance, keys, by);
  // Where more is asked the next dialog stands there as soon as this one is gone.
  const mostTries = (instance.requests ?? []).length <= 1 ? MOST_TRIES : 1;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const pressing = { seen: true, once: onceWord(instance, tries), by };
    if (!(await pressWhileAsked(services, instance, keys, pressing)))
      return tries === 0 ? ANSWERED : { confirmed: true };
    if (await isTaken(services, instance)) return { confirmed: true };
  }
  return { confirmed: false };
};

/** Presses the keys that mean an answer, which are known before the dialog is seen. */
const answerByReply = async (services: DaemonServices, instance: Instance, { text, by }: Answer) => {
  const { keys, afterwards } = services.adapterFor(instance.agent).reply(instance.question ?? '', text);
  noteTypedAnswer(services, instance, keys);
  const given = await pressUntilTaken(services, instance, keys, by);
  return { ...given, ...(afterwards === undefined ? {} : { afterwards }) };
};

/**
 * Waits until words can be typed behind a refusal, which would be keys of a dialog that still stands there: what tells of the
 * answer may be quicker than the drawing. False where the dialog stays, or the agent asks the next thing.
 */
const isRoomForWords = async (services: DaemonServices, instance: Instance): Promise<boolean> => {
  const { instance_id: id } = instance;
  for (const end = performance.now() + PATIENCE.goesOn; ; ) {
    if ((await isDialogGone(services, instance)) !== false) return true;
    const asksOther = hasGoneOn(services, instance) && services.store.state.instances[id]?.state.kind === 'waiting';
    if (asksOther || performance.now() > end) return false;
    await pause(LOOK_MS, undefined, { signal: services.signal });
  }
};

const answerByKeys = async (services: DaemonServices, instance: Instance, answer: Answer): Promise<Given> => {
  const { instance_id: id } = instance;
  const isByLooks = services.adapterFor(instance.agent).answerStep !== undefined;
  const { afterwards, ...given } = await (isByLooks ? answerByLooks : answerByReply)(services, instance, answer);
  if (given.known === true) return given;
  if (afterwards !== undefined) {
    if (!(await isRoomForWords(services, instance))) return { ...given, untold: true };
    // What is typed then makes the agent go on, and is the better proof.
    await typeLine(services, instance, { text: afterwards });
  } else if (
    given.confirmed &&
    !knownRecord(services, id).isTelling &&
    (await isDialogGone(services, instance)) !== false
  )
    await recordTaken(services, instance);
  return given;
};

const answerOnce = async (services: DaemonServices, instance: Instance, answer: Answer): Promise<Given> => {
  // Whoever had their turn before may have answered it, and other agents may have been answered meanwhile.
  if (hasGoneOn(services, instance)) return ANSWERED;
  const [request] = instance.requests ?? [];
  const line =
    request && request.ask !== null
      ? services.adapterFor(instance.agent).replyToHook?.(request, answer.text)
      : undefined;
  if (line !== undefined) {
    const target = services.targetOf(instance);
    // A hook that listens no more has its answer: keys would be for what the agent asks next.
    if (!(await answerHook(target, instance.instance_id, request!.ask!, line))) return ANSWERED;
    if (answer.by !== undefined) await target.tmux.reply(instance.pane!, [], onceWord(instance), answer.by);
    return { confirmed: await waitUntilGoneOn(services, instance, PATIENCE.goesOn) };
  }
  const given = await answerByKeys(services, instance, answer);
  await releaseClosedHooks(services, instance);
  return given;
};

const turnsOf = makeTurnsByKey();

/**
 * Answers what an agent waits with, and makes sure that the answer arrives: by the hook that waits for it, else by the
 * keys that mean it. A question is answered once, whoever repeats the answer: answers to one agent are given one after
 * the other, each only while the question that it was meant for is asked.
 */
export const giveAnswer = (services: DaemonServices, instance: Instance, answer: string, by?: string): Promise<Given> =>
  turnsOf(services)(instance.instance_id, () => answerOnce(services, instance, { text: answer, by }));
