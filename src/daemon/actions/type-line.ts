import { setTimeout as pause } from 'node:timers/promises';
import { beginsAs, endsWith, isSame } from '../../agents/input-box.ts';
import type { Target } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import { asksMeanwhile, boxInUse } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { isKeptWaiting, typingAlert } from '../signals/running-task.ts';
import { makeTurnsByKey } from '../turns.ts';
import { waitUntil } from '../wait-until.ts';

const LOOK_MS = 50;
/** So often where a person takes as long as they need, as over a night: each look starts a program. */
const REST_MS = 1000;
/**
 * In milliseconds: how long the input box of an agent may take to be there or to show what was typed, Enter to take that
 * away, and a person to send off what they have typed themselves; and how soon a hook tells that their turn has begun.
 */
const PATIENCE = { box: 5000, taken: 1500, person: 5000, turn: 1000 };
const MOST_ENTERS = 6;
const MOST_CLEARS = 4;
/** What is pasted at once, in characters: longer pastes are folded by agents, and taken for somebody else's. */
const PIECE = 600;

/** What stands in the input box of an agent; undefined while no box is seen. */
type Box = string | undefined;

/** A line that is to be typed. */
type Line = {
  readonly text: string;
  /** With it the line is not typed when one was typed already under this word. */
  readonly once?: string;
  /** Somebody's own words, between the lines of the daemon: their word makes none of those be forgotten. */
  readonly isMessage?: boolean;
  /** A daemon that was killed may have typed it, wholly or by half, and not have sent it off. */
  readonly isAgain?: boolean;
  /** Whether the line is still to be typed. With it a person may take as long as they need for what they are typing. */
  readonly still?: () => boolean;
};

/** Whether a text can be typed as keys, in one command to the server. */
const isShort = (text: string): boolean => [...text].length <= PIECE && !text.includes('\t');

/** What was typed last into each instance: an interrupt may have put it back into the box. */
const typedBefore = new WeakMap<DaemonServices, Map<string, string>>();

const remember = (services: DaemonServices, id: string, text: string): void => {
  const all = typedBefore.get(services) ?? new Map<string, string>();
  typedBefore.set(services, all.set(id, text));
};

const boxOf = async (services: DaemonServices, instance: Instance): Promise<Box> => {
  const { tmux } = services.targetOf(instance);
  const { readBox, readTyped } = services.adapterFor(instance.agent);
  return (readBox ?? readTyped)?.(await tmux.capture(instance.pane!, { styled: true }));
};

/** Looks at the box of an agent until it is as wanted; false when it does not get so in time. */
const waitForBox = async (
  services: DaemonServices,
  instance: Instance,
  holds: (box: Box) => boolean,
  ms: number,
): Promise<boolean> => {
  const end = performance.now() + ms;
  for (;;) {
    if (holds(await boxOf(services, instance))) return true;
    if (performance.now() > end) return false;
    await pause(Number.isFinite(ms) ? LOOK_MS : REST_MS, undefined, { signal: services.signal });
  }
};

/** Whether the daemon wrote what stands in the box: the last line, or a brief, which a daemon before may have typed. */
const isOurs = (services: DaemonServices, { instance_id: id }: Instance, box: string): boolean => {
  const last = typedBefore.get(services)?.get(id);
  return (last !== undefined && isSame(box, last)) || /^Task .+: read .+ and do what it says\.$/su.test(box);
};

/** Raises or clears the alert that somebody's half-typed line keeps an agent waiting. */
const setTypingAlert = (services: DaemonServices, { instance_id: id }: Instance, on: boolean): Promise<unknown> =>
  services.decide((state): EventDraft[] => {
    const alert = typingAlert(id);
    if (!on) return clearAlertFacts(state, alert, 'its box is free');
    const text = `${id} is not told what comes next: somebody has typed a line in its terminal and not sent it`;
    const data = {
      id: alert,
      severity: 'warning',
      text,
      suggestion: `attach instance ${saidId(id)}`,
      instance: id,
      task: null,
    } as const;
    return [{ type: 'alert.raised', data }];
  });

/** Waits for the end of the turn that a person has begun with their line: what the agent does until then is theirs. */
const waitForTheirTurn = async (services: DaemonServices, { instance_id: id }: Instance, ms: number): Promise<void> => {
  const isTheirs = ({ instances }: State): boolean => {
    const { kind, source } = instances[id] ? activity(instances[id]) : { kind: 'stopped', source: 'drover' };
    return kind === 'waiting' || (kind === 'working' && source !== 'drover');
  };
  await waitUntil(services, isTheirs, ms);
  await services.store.until((state) => !isTheirs(state), services.signal);
};

const isWanted = ({ still }: Line): boolean => still?.() ?? true;

/** Somebody may just be typing what ends as a message does. */
const isThere = ({ text, once, isMessage }: Line, box: string): boolean =>
  once !== undefined && isMessage !== true && endsWith(box, text);

/** Whether the beginning of a line stands in the box, of which a daemon was killed while it put the pieces there. */
const isBegun = ({ text, isAgain }: Line, box: string): boolean =>
  isAgain === true && !isShort(text) && beginsAs(text, box);

/** Whether what a person has typed can be told from what is only shown. */
const tellsWhatIsTyped = ({ adapterFor }: DaemonServices, { agent }: Instance): boolean => {
  const { clearKey, readBox, readTyped } = adapterFor(agent);
  return readBox === undefined ? readTyped !== undefined : clearKey !== undefined;
};

/** Whether nothing of a person stands in the box of an agent. */
const isFree = (services: DaemonServices, instance: Instance, line: Line, box: Box): boolean =>
  !box ||
  !tellsWhatIsTyped(services, instance) ||
  isThere(line, box) ||
  isBegun(line, box) ||
  isOurs(services, instance, box);

/**
 * Waits for a box in which nothing of a person stands. False when the line is not to be typed any more. Rejects with
 * `daemon/box-in-use` where the line does not wait as long as a person needs.
 */
const waitForFreeBox = async (
  services: DaemonServices,
  instance: Instance,
  line: Line,
  patience: typeof PATIENCE,
): Promise<boolean> => {
  const isFreeBy = (ms: number): Promise<boolean> =>
    waitForBox(services, instance, (box) => !isWanted(line) || isFree(services, instance, line, box), ms);
  // A daemon before this one may have begun to wait.
  const hasWaited = line.still !== undefined && isKeptWaiting(services.store.state, instance.instance_id);
  if (hasWaited || !(await isFreeBy(patience.person))) {
    if (line.still === undefined) throw boxInUse({ id: instance.instance_id });
    if (!hasWaited) await setTypingAlert(services, instance, true);
    await isFreeBy(Number.POSITIVE_INFINITY);
    await waitForTheirTurn(services, instance, patience.turn);
    await setTypingAlert(services, instance, false);
  }
  return isWanted(line);
};

/** Empties the box of what the daemon wrote; false where a person has begun to type meanwhile. */
const emptyBox = async (services: DaemonServices, instance: Instance, line: Line): Promise<boolean> => {
  const { clearKey } = services.adapterFor(instance.agent);
  for (let clears = 0; clears < MOST_CLEARS && clearKey !== undefined; clears += 1) {
    const box = await boxOf(services, instance);
    if (!box || isThere(line, box)) return true;
    if (!isBegun(line, box) && !isOurs(services, instance, box)) return false;
    await services.targetOf(instance).tmux.press(instance.pane!, clearKey);
    await waitForBox(services, instance, (now) => !now, LOOK_MS * 4);
  }
  return true;
};

type Known = { readonly once?: string; readonly isMessage?: boolean };

/** By what a line is known again. */
const knownBy = ({ once, isMessage = false }: Line): Known =>
  once === undefined ? {} : { once, ...(isMessage ? { isMessage } : {}) };

/**
 * Puts a text into the box; false when it was put there before. Typed as keys, a tab would be one that the program acts on,
 * and a long text would be taken for a paste of somebody else: such a text is pasted in pieces that are not.
 */
const putIntoBox = async ({ tmux }: Target, pane: string, text: string, known: Known): Promise<boolean> => {
  const letters = [...text];
  const { once: word, isMessage } = known;
  if ((word !== undefined && !isMessage) || isShort(text)) return tmux.type(pane, text, known);
  if (word !== undefined && (await tmux.knows(pane, word))) return false;
  for (let at = 0; at < letters.length; at += PIECE) {
    const isLast = at + PIECE >= letters.length;
    await tmux.paste(pane, letters.slice(at, at + PIECE).join(''), isLast ? word : undefined);
  }
  return true;
};

/**
 * Rejects with `daemon/asks` where a dialog stands in the place of the box: what is typed there would be its answer, and Enter
 * most often a yes. A line that is waited for was meant for an agent that asks nothing.
 */
const assertNoDialog = async (services: DaemonServices, instance: Instance, { still }: Line): Promise<void> => {
  const { readAsking, readBox } = services.adapterFor(instance.agent);
  if (still !== undefined || readAsking === undefined) return;
  const screen = await services.targetOf(instance).tmux.capture(instance.pane!);
  if (readBox?.(screen) === undefined && readAsking(screen)) throw asksMeanwhile({ id: instance.instance_id });
};

/**
 * Rejects with `daemon/asks` as well where the program was asking when it was frozen, or asks and shows no box: by its state, which
 * may have changed since the line was said, and by what stands on its screen.
 */
const assertAsksNothing = async (services: DaemonServices, instance: Instance, line: Line): Promise<void> => {
  if (line.still !== undefined) return;
  const now = services.store.state.instances[instance.instance_id] ?? instance;
  if (activity(now).kind === 'waiting') throw asksMeanwhile({ id: now.instance_id });
  await assertNoDialog(services, instance, line);
};

const standsWith =
  ({ text }: Line) =>
  (box: Box): boolean =>
    box !== undefined && endsWith(box, text);

/** Presses Enter until a line is gone from the box. */
const sendOff = async (
  services: DaemonServices,
  instance: Instance,
  line: Line,
  patience: typeof PATIENCE,
): Promise<void> => {
  const stands = standsWith(line);
  for (let enters = 0; enters < MOST_ENTERS; enters += 1) {
    await assertNoDialog(services, instance, line);
    await services.targetOf(instance).tmux.press(instance.pane!, 'Enter');
    if (await waitForBox(services, instance, (box) => !stands(box), patience.taken)) return;
  }
  services.log(`${instance.instance_id} leaves what was typed in its input box`);
};

/** Types a line into an empty box, and sends it off. */
const typeAndSend = async (
  services: DaemonServices,
  instance: Instance,
  line: Line,
  patience: typeof PATIENCE,
): Promise<void> => {
  const { text } = line;
  await assertNoDialog(services, instance, line);
  const isNew = await putIntoBox(services.targetOf(instance), instance.pane!, text, knownBy(line));
  remember(services, instance.instance_id, text);
  const seen = await waitForBox(services, instance, standsWith(line), patience.box);
  // The line was typed and sent before, and Enter would now be an answer to something else.
  if (seen || isNew) await sendOff(services, instance, line, patience);
};

/** Whether a program is at work by its screen: then the line that it works at may still stand there as it was typed. */
const isAtItsLine = ({ adapterFor }: DaemonServices, instance: Instance): boolean => {
  const { kind, source } = activity(instance);
  return kind === 'working' && source !== 'drover' && !adapterFor(instance.agent).hooks;
};

/**
 * Types a line and sends it off at once, where no box would show that it is there: at a prompt at which nothing of a person
 * stands, as far as that can be told.
 */
const typeAtPrompt = async (
  services: DaemonServices,
  instance: Instance,
  line: Line,
  patience: typeof PATIENCE,
): Promise<void> => {
  // A frozen program shows nothing of what is typed, and reads it when it goes on.
  const isSeen = instance.state.kind !== 'paused' && tellsWhatIsTyped(services, instance);
  const isLeftToThem = isSeen && !isAtItsLine(services, instance);
  const { tmux } = services.targetOf(instance);
  for (let isTyped = false; !isTyped; ) {
    if (isLeftToThem && !(await waitForFreeBox(services, instance, line, patience))) return;
    isTyped = await betweenLines(services, instance, async () => {
      if (!isWanted(line)) return true;
      // Those before it may have taken long.
      if (isLeftToThem && !isFree(services, instance, line, await boxOf(services, instance))) return false;
      await assertAsksNothing(services, instance, line);
      await tmux.type(instance.pane!, line.text, { enter: true, ...knownBy(line) });
      remember(services, instance.instance_id, line.text);
      return true;
    });
  }
};

const turnsOf = makeTurnsByKey();

/** Does something to an agent when the line is sent off that is just being typed: a key in the middle of it would be lost, or take it away. */
export const betweenLines = <T>(
  services: DaemonServices,
  { instance_id }: Instance,
  work: () => Promise<T>,
): Promise<T> => turnsOf(services)(instance_id, work);

/**
 * Types a line into an agent and sends it off. Where the input box can be read, a person's half-typed line is left to them
 * first; Enter is pressed when the end of the text is seen in the box, and again only while the text still stands there: a
 * program that draws its box before it takes keys, or takes a quick Enter for a part of what was typed, loses one. Lines for
 * one agent are typed one after the other; whoever waits for a person has no turn meanwhile.
 */
export const typeLine = async (
  services: DaemonServices,
  instance: Instance,
  given: Line,
  patience = PATIENCE,
): Promise<void> => {
  const { tmux } = services.targetOf(instance);
  const { asWords, readBox } = services.adapterFor(instance.agent);
  const line = { ...given, text: asWords?.(given.text) ?? given.text };
  if (instance.state.kind === 'paused' || readBox === undefined)
    return typeAtPrompt(services, instance, line, patience);
  await waitForBox(services, instance, (box) => box !== undefined, patience.box);
  if (line.isAgain && line.once !== undefined && (await tmux.knows(instance.pane!, line.once))) {
    // The box is free for others as soon as it was sent off.
    if (standsWith(line)(await boxOf(services, instance)))
      await betweenLines(services, instance, () => sendOff(services, instance, line, patience));
    return;
  }
  for (let isTyped = false; !isTyped; ) {
    if (!(await waitForFreeBox(services, instance, line, patience))) return;
    isTyped = await betweenLines(services, instance, async () => {
      // Those before it may have taken long.
      if (!isWanted(line)) return true;
      if (!(await emptyBox(services, instance, line))) return false;
      await typeAndSend(services, instance, line, patience);
      return true;
    });
  }
};
