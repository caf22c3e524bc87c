import { setTimeout as pause } from 'node:timers/promises';
import { endsWith, isSame } from '../../agents/input-box.ts';
import type { Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import { boxInUse } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { isKeptWaiting, typingAlert } from '../signals/running-task.ts';

const LOOK_MS = 50;
/**
 * How long the box may take to be there or to show what was typed, Enter to take it away, and a person to send off what
 * they have typed themselves, in milliseconds; and how soon its hook tells that what they sent off has begun.
 */
const PATIENCE = { box: 5000, taken: 1500, person: 5000, turn: 1000 };
const MOST_ENTERS = 6;
const MOST_CLEARS = 4;
/** In characters. */
const PIECE = 600;

type Box = string | undefined;

export type Line = {
  readonly text: string;
  /** With it nothing is typed that was typed already under this word. */
  readonly once?: string;
  /** Whether it is still to be said. With it we wait as long as a person needs for what they are typing. */
  readonly still?: () => boolean;
};

/** What we typed last into each instance: an interrupt may have put it back into its box. */
const typedBefore = new WeakMap<DaemonServices, Map<string, string>>();

const remember = (services: DaemonServices, id: string, text: string): void => {
  const all = typedBefore.get(services) ?? new Map<string, string>();
  typedBefore.set(services, all.set(id, text));
};

const boxOf = async (services: DaemonServices, instance: Instance): Promise<Box> => {
  const { tmux } = services.targetOf(instance);
  return services.adapterFor(instance.agent).readBox?.(await tmux.capture(instance.pane!, { styled: true }));
};

/** Looks at the box until it is as wanted; false when it does not get so in time. */
const until = async (
  services: DaemonServices,
  instance: Instance,
  holds: (box: Box) => boolean,
  ms: number,
): Promise<boolean> => {
  const end = performance.now() + ms;
  for (;;) {
    if (holds(await boxOf(services, instance))) return true;
    if (performance.now() > end) return false;
    await pause(LOOK_MS, undefined, { signal: services.signal });
  }
};

/** Whether what stands in the box is ours: what we typed last, or a brief, which a daemon before us may have typed. */
const isOurs = (services: DaemonServices, { instance_id: id }: Instance, box: string): boolean => {
  const last = typedBefore.get(services)?.get(id);
  return (last !== undefined && isSame(box, last)) || /^Task .+: read .+ and do what it says\.$/su.test(box);
};

const alarm = (services: DaemonServices, { instance_id: id }: Instance, on: boolean): Promise<unknown> =>
  services.decide((state): EventDraft[] => {
    const alert = typingAlert(id);
    if (!on) return clearAlertFacts(state, alert, 'its box is free');
    const text = `${id} is not told what comes next: somebody has typed a line in its terminal and not sent it`;
    const data = {
      id: alert,
      severity: 'warning',
      text,
      suggestion: `attach instance ${id}`,
      instance: id,
      task: null,
    } as const;
    return [{ type: 'alert.raised', data }];
  });

/** When a person has sent off their line, waits for the end of the turn that it begins: what it does then is theirs. */
const theirTurn = async (services: DaemonServices, { instance_id: id }: Instance, ms: number): Promise<void> => {
  const isTheirs = ({ instances }: State): boolean => {
    const { kind, source } = instances[id] ? activity(instances[id]) : { kind: 'stopped', source: 'drover' };
    return kind === 'waiting' || (kind === 'working' && source !== 'drover');
  };
  const soon = AbortSignal.timeout(ms);
  await services.store.until(isTheirs, AbortSignal.any([services.signal, soon])).catch((error: unknown) => {
    if (!soon.aborted) throw error;
  });
  await services.store.until((state) => !isTheirs(state), services.signal);
};

/**
 * Waits for a box in which nothing of a person stands, and empties it of what is ours. False when the line is not to be
 * said any more. Where nobody waits for it longer it rejects with `daemon/box-in-use`.
 */
const freeBox = async (
  services: DaemonServices,
  instance: Instance,
  line: Line,
  patience: typeof PATIENCE,
): Promise<boolean> => {
  const { clearKey } = services.adapterFor(instance.agent);
  const stands = (box: string): boolean => line.once !== undefined && endsWith(box, line.text);
  const free = (box: Box): boolean => !box || clearKey === undefined || stands(box) || isOurs(services, instance, box);
  const wanted = (): boolean => line.still?.() ?? true;
  // A daemon before us may have begun to wait.
  const waited = line.still !== undefined && isKeptWaiting(services.store.state, instance.instance_id);
  if (waited || !(await until(services, instance, (box) => !wanted() || free(box), patience.person))) {
    if (line.still === undefined) throw boxInUse({ id: instance.instance_id });
    if (!waited) await alarm(services, instance, true);
    await until(services, instance, (box) => !wanted() || free(box), Number.POSITIVE_INFINITY);
    await theirTurn(services, instance, patience.turn);
    await alarm(services, instance, false);
  }
  if (!wanted()) return false;
  for (let clears = 0; clears < MOST_CLEARS && clearKey !== undefined; clears += 1) {
    const box = await boxOf(services, instance);
    if (!box || stands(box)) return true;
    // In between a person has begun to type.
    if (!isOurs(services, instance, box)) return freeBox(services, instance, line, patience);
    await services.targetOf(instance).tmux.press(instance.pane!, clearKey);
    await until(services, instance, (now) => !now, LOOK_MS * 4);
  }
  return true;
};

/**
 * Puts the text into the box. As keys a tab would be one that the program acts on, and what is longer would be taken for a
 * paste that somebody else wrote: it is pasted in pieces that are not. False when it was put there before.
 */
const put = async ({ tmux }: Target, pane: string, text: string, known: { once?: string }): Promise<boolean> => {
  const letters = [...text];
  if (known.once !== undefined || (letters.length <= PIECE && !text.includes('\t')))
    return tmux.type(pane, text, known);
  for (let at = 0; at < letters.length; at += PIECE) await tmux.paste(pane, letters.slice(at, at + PIECE).join(''));
  return true;
};

/**
 * Types a line into an agent and sends it off. Where its input box can be read, a person's half-typed line is left to them
 * first; Enter is pressed when the end of the text is seen in the box, and again only while the text still stands there: a
 * program that draws its box before it takes keys, or takes a quick Enter for a part of what was typed, loses one.
 */
export const typeLine = async (
  services: DaemonServices,
  instance: Instance,
  line: Line,
  patience = PATIENCE,
): Promise<void> => {
  const target = services.targetOf(instance);
  const { tmux } = target;
  const { once } = line;
  const text = services.adapterFor(instance.agent).asWords?.(line.text) ?? line.text;
  const pane = instance.pane!;
  const known = once === undefined ? {} : { once };
  // What is frozen shows nothing of what is typed, and reads it when it goes on.
  const readable = instance.state.kind !== 'paused' && services.adapterFor(instance.agent).readBox !== undefined;
  if (!readable) {
    await tmux.type(pane, text, { enter: true, ...known });
    return;
  }
  const stands = (box: Box): boolean => box !== undefined && endsWith(box, text);
  await until(services, instance, (box) => box !== undefined, patience.box);
  if (!(await freeBox(services, instance, { ...line, text }, patience))) return;
  const isNew = await put(target, pane, text, known);
  remember(services, instance.instance_id, text);
  const seen = await until(services, instance, stands, patience.box);
  // It was typed and sent before, and Enter would now be an answer to something else.
  if (!seen && !isNew) return;
  for (let enters = 0; enters < MOST_ENTERS; enters += 1) {
    await tmux.press(pane, 'Enter');
    if (await until(services, instance, (box) => !stands(box), patience.taken)) return;
  }
  services.log(`${instance.instance_id} leaves what was typed in its input box`);
};
