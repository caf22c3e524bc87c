import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, isHeld } from '../../state/moves.ts';
import type { Settings } from '../../state/settings.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Loss, Outcome, Recording, Standing } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { checkLimit, isChanging, placesLeft } from './launch-facts.ts';
import { bringBackFact, isLost, runOf } from './lost-instances.ts';

const OUTCOMES = ['paused', 'already paused', 'resumed', 'not paused', 'impossible', 'failed'] as const;

/** What became of an instance or a task that was to be paused or resumed. */
export const fateSchema = z.object({
  id: z.string(),
  outcome: z.enum(OUTCOMES),
  why: z.string().nullable().describe('Why, when it did not work out'),
});
export type Fate = z.infer<typeof fateSchema>;

const idsWith = (fates: readonly Fate[], outcome: Fate['outcome']): string[] =>
  fates.filter((one) => one.outcome === outcome).map((one) => one.id);

const sentenceAbout = (ids: readonly string[], before: string, after = ''): string =>
  ids.length === 0 ? '' : `${before}${ids.join(', ')}${after}.`;

/** The fates in words. */
export const fateWords = (fates: readonly Fate[], noun: string): string => {
  const paused = idsWith(fates, 'paused');
  const resumed = idsWith(fates, 'resumed');
  return [
    sentenceAbout(paused, `Paused ${plural(paused.length, noun)}: `),
    sentenceAbout(resumed, `${plural(resumed.length, noun)} ${resumed.length === 1 ? 'goes' : 'go'} on: `),
    sentenceAbout(idsWith(fates, 'already paused'), 'Already paused: '),
    sentenceAbout(idsWith(fates, 'not paused'), 'Not paused: '),
    ...fates.filter(({ outcome }) => ['impossible', 'failed'].includes(outcome)).map(({ id, why }) => `${id} ${why}.`),
  ]
    .filter((part) => part !== '')
    .join(' ');
};

/** The answer about all fates; an error when every one is impossible. */
export const outcomeOf = (fates: readonly Fate[], noun: string, hint: string): Outcome => {
  const message = fateWords(fates, noun);
  const impossible = idsWith(fates, 'impossible');
  if (impossible.length === fates.length)
    throw nothingToDo({ message: message || `No ${noun} that is meant runs.`, hint });
  const failed = idsWith(fates, 'failed');
  const exit = failed.length > 0 ? 1 : impossible.length > 0 ? 124 : undefined;
  return {
    message,
    data: fates,
    sideEffects: fates.flatMap(({ id, outcome }) =>
      outcome === 'paused' ? [`${id} is paused`] : outcome === 'resumed' ? [`${id} goes on`] : [],
    ),
    ...(exit === undefined ? {} : { exit }),
  };
};

/** The instances to be paused: those that have ended are passed over, unless they are named. */
export const pausable = (found: readonly Instance[], named: boolean): readonly Instance[] =>
  named ? found : found.filter((one) => canPause(one));

/** The instances to be resumed: living, lost and failed ones; others only when they are named. */
export const resumable = (found: readonly Instance[], named: boolean): readonly Instance[] =>
  named ? found : found.filter((one) => canPause(one) || isLost(one));

const canPause = ({ state }: Instance): boolean => isAlive(state.kind) || state.kind === 'creating';

const holdRequest = (type: 'instance.pause_requested' | 'instance.resume_requested', one: Instance): EventDraft => ({
  type,
  data: { instance_id: one.instance_id },
});

/** The facts that have the daemon freeze those instances that run and are not held already. */
const pauseFacts = (instances: readonly Instance[]): EventDraft[] =>
  instances
    .filter((one) => pauseOf(one).outcome === 'paused')
    .map((one) => holdRequest('instance.pause_requested', one));

const resumeFacts = (instances: readonly Instance[]): EventDraft[] =>
  instances.filter((one) => isHeld(one)).map((one) => holdRequest('instance.resume_requested', one));

const isOnItsWay = ({ hold }: Instance): boolean => hold === 'pausing' || hold === 'resuming';

/**
 * Each instance as it was the moment that what is asked of it here had ended: what others ask of it while the rest is waited
 * for is no part of this answer. One that is gone is not in it.
 */
const atTheirEnds = async (
  { store, signal }: Recording,
  ids: readonly string[],
  isBusy: (one: Instance) => boolean,
): Promise<ReadonlyMap<string, Instance>> => {
  const ends = await Promise.all(
    ids.map(async (id) => {
      const isEnded = ({ instances }: State): boolean => !instances[id] || !isBusy(instances[id]);
      return (await store.until(isEnded, signal)).instances[id];
    }),
  );
  return new Map(ends.flatMap((one) => (one ? [[one.instance_id, one] as const] : [])));
};

const endText = (one: Instance | undefined): string => `is ${one?.state.kind ?? 'gone'}`;

/** What becomes of an instance that is to be paused, as far as it stands now. */
export const pauseOf = (one: Instance): Fate => {
  const { instance_id: id } = one;
  if (isHeld(one)) return { id, outcome: 'already paused', why: null };
  if (canPause(one)) return { id, outcome: 'paused', why: null };
  return { id, outcome: 'impossible', why: `${endText(one)}; only what runs can be paused` };
};

/** What becomes of an instance that is to go on without being started again. */
const releaseOf = (one: Instance): Fate => {
  const { instance_id: id } = one;
  if (one.hold !== null) return { id, outcome: 'resumed', why: null };
  if (canPause(one)) return { id, outcome: 'not paused', why: null };
  return { id, outcome: 'impossible', why: `${endText(one)}; it cannot go on` };
};

type How = {
  readonly choose: (state: State) => readonly Instance[];
  /** Facts beside those about the instances. */
  readonly also?: (state: State) => readonly EventDraft[];
};

const fateOfPaused = (one: Instance | undefined, was: Instance, asked: boolean): Fate => {
  const { instance_id: id } = was;
  if (!asked && !isHeld(was)) return pauseOf(was);
  if (one?.hold === 'frozen') return { id, outcome: asked ? 'paused' : 'already paused', why: null };
  if (!one || !isAlive(one.state.kind)) return { id, outcome: 'impossible', why: `${endText(one)} now` };
  return { id, outcome: 'failed', why: one.state.evidence ?? 'goes on' };
};

/** Has the daemon freeze the chosen instances and waits until they are frozen. */
export const pauseInstances = async (context: Recording, { choose, also }: How): Promise<Fate[]> => {
  let before: readonly Instance[] = [];
  const facts = await context.decide((state) => {
    before = choose(state);
    return [...(also?.(state) ?? []), ...pauseFacts(before)];
  });
  const asked = new Set(dataOf(facts, 'instance.pause_requested').map((one) => one.instance_id));
  const ids = before.filter((one) => isHeld(one) || asked.has(one.instance_id)).map((one) => one.instance_id);
  const ends = await atTheirEnds(context, ids, isOnItsWay);
  return before.map((one) => fateOfPaused(ends.get(one.instance_id), one, asked.has(one.instance_id)));
};

/** What becomes of a lost instance for which there is no place. */
const stayOf = ({ instance_id: id, state }: Instance, maxInstances: number): Fate => ({
  id,
  outcome: 'impossible',
  why: `stays ${state.kind}: limits.maxInstances is ${maxInstances}`,
});

const fateOfResumed = (one: Instance | undefined, was: Instance, asked: boolean, maxInstances: number): Fate => {
  const { instance_id: id } = was;
  if (!asked && isLost(was)) return stayOf(was, maxInstances);
  if (asked && isLost(was) && one && isLost(one))
    return { id, outcome: 'failed', why: `did not start: ${one.state.evidence ?? one.state.kind}` };
  if (!asked && was.hold === null) return releaseOf(was);
  if (one?.hold === 'frozen' && was.hold !== null)
    return { id, outcome: 'failed', why: one.state.evidence ?? 'is still frozen' };
  if (one && isAlive(one.state.kind)) return { id, outcome: 'resumed', why: null };
  return { id, outcome: 'impossible', why: `${endText(one)} now` };
};

/** Those of the lost instances for whom there is a place, whoever is at a task first; refuses where nobody at all could go on. */
const withPlaces = (context: Pick<Context, 'settings'>, state: State, all: readonly Instance[]): Instance[] => {
  const gone = all.filter(isLost);
  const places = Math.max(0, placesLeft(context, state));
  if (places === 0 && gone.length === all.length) checkLimit(context, state, gone.length);
  const isAtWork = (one: Instance): boolean => runOf(state, one) !== undefined;
  return [...gone.filter(isAtWork), ...gone.filter((one) => !isAtWork(one))].slice(0, places);
};

/** What becomes of instances that are to go on, as they stand now; refuses where nobody at all could. */
export const resumesOf = (context: Pick<Context, 'settings'>, state: State, found: readonly Instance[]): Fate[] => {
  const back = withPlaces(context, state, found).map((one) => one.instance_id);
  const { maxInstances } = context.settings.limits;
  return found.map((one) => {
    if (!isLost(one)) return releaseOf(one);
    return back.includes(one.instance_id)
      ? { id: one.instance_id, outcome: 'resumed', why: null }
      : stayOf(one, maxInstances);
  });
};

/**
 * Lets the chosen instances go on, starting those again whose program is gone, and waits until they do. Where more are gone
 * than may live at once, the others stay as they are.
 */
export const resumeInstances = async (
  context: Recording & Pick<Context, 'settings'>,
  { choose, also }: How,
): Promise<Fate[]> => {
  let before: readonly Instance[] = [];
  const facts = await context.decide((state) => {
    before = choose(state);
    const back = withPlaces(context, state, before).map((one) => bringBackFact(context, state, one));
    return [...(also?.(state) ?? []), ...resumeFacts(before), ...back];
  });
  const back = dataOf(facts, 'instance.restart_requested').map((one) => one.instance_id);
  const released = dataOf(facts, 'instance.resume_requested').map((one) => one.instance_id);
  const ends = await Promise.all([
    atTheirEnds(context, released, isOnItsWay),
    atTheirEnds(context, back, (one) => isChanging(one) || isOnItsWay(one)),
  ]);
  const byId = new Map(ends.flatMap((some) => [...some]));
  const { maxInstances } = context.settings.limits;
  const asked = new Set([...released, ...back]);
  return before.map((one) => fateOfResumed(byId.get(one.instance_id), one, asked.has(one.instance_id), maxInstances));
};

/** The ids of those that are paused or go on: of the others nothing changes. */
export const changedBy = (fates: readonly Fate[]): readonly string[] =>
  fates.flatMap(({ id, outcome }) => (outcome === 'paused' || outcome === 'resumed' ? [id] : []));

type Foretelling<P> = {
  readonly fatesOf: (standing: Pick<Standing, 'state' | 'settings'>, params: P) => readonly Fate[];
  readonly noun: string;
  readonly hintFor: (params: P) => string;
  /** What the answer adds to that about each. */
  readonly adds?: (state: State) => string;
};

/** What a command that pauses, or lets go on, tells before it is said: whom it changes, and why it would change nobody. */
export const foretold = <P>({ fatesOf, noun, hintFor, adds }: Foretelling<P>) => ({
  targets: (state: State, params: P, settings: Settings) => changedBy(fatesOf({ state, settings }, params)),
  refuses: (standing: Standing, params: P): void => void outcomeOf(fatesOf(standing, params), noun, hintFor(params)),
  nothing: (standing: Standing, params: P): string | undefined => {
    const fates = fatesOf(standing, params);
    return changedBy(fates).length > 0 ? undefined : `${fateWords(fates, noun)}${adds?.(standing.state) ?? ''}`;
  },
});

/** The question before more than one instance is frozen. */
export const pauseLoss = (instances: readonly Instance[]): Loss | undefined => {
  const targets = idsWith(instances.map(pauseOf), 'paused');
  if (targets.length < 2) return undefined;
  return {
    targets,
    loses: `This freezes ${plural(targets.length, 'instance')} (${targets.join(', ')}) until they are resumed; nothing is lost.`,
  };
};

/** What is added when instances go on while the swarm stays paused. */
export const stillPausedText = (state: State): string =>
  state.swarm.paused ? ' The swarm is paused and gives them no tasks. Let it go on: resume swarm.' : '';
