import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerStep } from '../../agents/adapter.ts';
import type { Instance } from '../../state/instances.ts';
import { pressKeys } from '../actions/stop-instance.ts';
import { answerUnclear } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { waitUntil } from '../wait-until.ts';
import { knownRecord } from './known-records.ts';
import { hasGoneOn } from './still-asks.ts';

/**
 * In milliseconds: how long a key may take to be drawn, a row has to be marked until it is taken, a dialog may take to be
 * drawn, and an agent to go on; programs swallow keys that come quicker.
 */
const PATIENCE = { drawn: 300, settled: 500, dialog: 3000, goesOn: 5000 };
const LOOK_MS = 150;
/** Between two keys of one decision, in milliseconds. */
const BETWEEN_MS = 30;
/** A dialog with more rows than that is answered by a person. */
const MOST_LOOKS = 24;
const MOST_DECISIONS = 3;

/** What came of an answer by looks: whether it was seen to be taken, and what the agent is to be told then. */
type Answered = { readonly confirmed: boolean; readonly known?: boolean; readonly afterwards?: string };

type Scene = {
  readonly services: DaemonServices;
  readonly instance: Instance;
  readonly answer: string;
  /** The request that it is given for; undefined for a rule. */
  readonly by: string | undefined;
  /** Whether the request is answered, by whomever. */
  readonly isOver: () => boolean;
};

type Answer = { readonly text: string; readonly by: string | undefined };

const sceneOf = (services: DaemonServices, instance: Instance, { text, by }: Answer): Scene => {
  const { instance_id: id } = instance;
  const [request] = knownRecord(services, id).open;
  const isOver = (): boolean => {
    const { isTelling, open } = knownRecord(services, id);
    // A further request changes what is known of the instance, and answers none.
    return isTelling && request !== undefined ? !open.includes(request) : hasGoneOn(services, instance);
  };
  return { services, instance, answer: text, by, isOver };
};

const stepNow = async ({ services, instance, answer }: Scene): Promise<AnswerStep | undefined> => {
  const { question, requests = [] } = services.store.state.instances[instance.instance_id] ?? instance;
  const screen = await services.targetOf(instance).tmux.capture(instance.pane!);
  return services.adapterFor(instance.agent).answerStep!(screen, { question: question ?? '', requests }, answer);
};

/** Waits until the request is answered, so many milliseconds at most. */
const isOverWithin = async ({ services, isOver }: Scene, ms: number): Promise<boolean> => {
  for (const end = performance.now() + ms; performance.now() < end; )
    if (isOver() || (await waitUntil(services, isOver, Math.min(LOOK_MS, ms)))) return true;
  return isOver();
};

/** The next step, once a dialog is there: what tells of it may be quicker than the drawing. */
const nextStep = async (scene: Scene): Promise<AnswerStep | undefined> => {
  for (const end = performance.now() + PATIENCE.dialog; ; ) {
    const step = await stepNow(scene);
    if (step || scene.isOver() || performance.now() > end) return step;
    await pause(LOOK_MS, undefined, { signal: scene.services.signal });
  }
};

type Decision = Extract<AnswerStep, { kind: 'decide' }>;

/** Whether a second look, a moment later, shows the same. */
const isStill = async (scene: Scene, first: Decision): Promise<boolean> => {
  if (await isOverWithin(scene, PATIENCE.settled)) return false;
  const step = await stepNow(scene);
  return step?.kind === 'decide' && step.on === first.on && step.keys.join() === first.keys.join() && !scene.isOver();
};

/** Whether the agent took what was decided: it said so, or where it keeps no record its dialog is gone. */
const isTaken = async (scene: Scene): Promise<boolean> => {
  const { services, instance } = scene;
  const isTelling = knownRecord(services, instance.instance_id).isTelling;
  for (const end = performance.now() + PATIENCE.goesOn; performance.now() < end; ) {
    if (await isOverWithin(scene, LOOK_MS)) return true;
    if (!isTelling && (await stepNow(scene)) === undefined) return true;
  }
  return false;
};

/** Moves the mark by one key; it is looked again when that was drawn. */
const move = async (scene: Scene, key: string): Promise<void> => {
  await pressKeys(scene.services, scene.instance, [key]);
  await isOverWithin(scene, PATIENCE.drawn);
};

/**
 * Takes the marked row if it still is the right one; `tried` says whether it was pressed, now or by a daemon that was killed: by
 * the same decision it is pressed once.
 */
const decide = async (
  scene: Scene,
  step: Decision,
  decisions: number,
): Promise<{ readonly tried: boolean; readonly taken: boolean }> => {
  if (!(await isStill(scene, step))) return { tried: false, taken: false };
  const { services, instance, by } = scene;
  const once = `asked ${instance.state.since} ${by ?? 'by a rule'} ${decisions}`;
  // A program may lose a key that comes with the one before it.
  const keys = step.keys.flatMap((key, n) => (n === 0 ? [key] : [`wait:${BETWEEN_MS}`, key]));
  await services.targetOf(instance).tmux.reply(instance.pane!, keys, once, by);
  return { tried: true, taken: await isTaken(scene) };
};

/** `decided`: what was pressed for a decision now, with what the agent is to be told then; `taken`: it was the last one. */
type Progress = { readonly decided?: Decision; readonly taken: boolean };

/** Does one step of an answer. */
const doStep = async (scene: Scene, step: AnswerStep, decisions: number): Promise<Progress> => {
  if (step.kind === 'unclear') throw answerUnclear({ id: scene.instance.instance_id, why: step.why });
  if (step.kind === 'move') {
    await move(scene, step.key);
    return { taken: false };
  }
  const { tried, taken } = await decide(scene, step, decisions);
  return tried ? { decided: step, taken } : { taken };
};

/** What came of an answer that the agent took: by the last decision, or without one from somebody else. */
const takenBy = (last: Decision | undefined): Answered => {
  if (!last) return { confirmed: false, known: true };
  const { afterwards } = last;
  return { confirmed: true, ...(afterwards === undefined ? {} : { afterwards }) };
};

/**
 * Answers a dialog key by key: the screen is read again after each, and one that decides is pressed only when two looks have
 * shown that it decides what is meant. Without a record a decision is made once, because a next dialog may look the same.
 */
export const answerByLooks = async (
  services: DaemonServices,
  instance: Instance,
  answer: Answer,
): Promise<Answered> => {
  const scene = sceneOf(services, instance, answer);
  const most = (): number => (knownRecord(services, instance.instance_id).isTelling ? MOST_DECISIONS : 1);
  let last: Decision | undefined;
  let decisions = 0;
  for (let looks = 0; looks < MOST_LOOKS && decisions < most(); looks += 1) {
    // An agent may take longer to say that it took a decision than that was waited for.
    if (scene.isOver()) return takenBy(last);
    const step = await nextStep(scene);
    if (!step) break;
    const { decided, taken } = await doStep(scene, step, decisions);
    last = decided ?? last;
    if (taken) return takenBy(last);
    decisions += decided ? 1 : 0;
  }
  return scene.isOver() ? takenBy(last) : { confirmed: false };
};
