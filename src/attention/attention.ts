import type { Alert } from '../state/alerts.ts';
import type { State } from '../state/index.ts';
import { isPresent } from '../state/moves.ts';
import { lookAt, type Need, needsOf } from './needs.ts';
import { withoutPlaces } from './still-of-use.ts';
import { finishedWork } from './finished-work.ts';
import type { Step, Surroundings } from './step.ts';
import { beyondReview, deliveryStep, reviewCommand, stepFor, workSteps } from './steps.ts';

/**
 * What needs a person and what can be done next. Everything that says so, in a number, a sentence or a key, takes it from
 * here: two rules would contradict each other on one screen.
 */
export type Attention = {
  /** What does not go on without a person, the most pressing first. Nothing else is yellow. */
  readonly needs: readonly Need[];
  /** Alerts that are to be known and ask nobody for anything. */
  readonly notices: readonly Alert[];
  /** What can be done besides; empty only for somebody who may do none of it. A failure that stays hides none of it. */
  readonly work: readonly Step[];
  /** How what is merged comes to the branch of the person; null where nothing is to be brought there. */
  readonly delivery: Step | null;
  /** How many tasks wait to be looked at, by the instance that did them, and in all. */
  readonly toReview: ReadonlyMap<string, number>;
  readonly unreviewed: number;
  /** How many tasks were approved and wait to be merged. */
  readonly approved: number;
  /** Whether its reader may say a line; what they may not is not offered. */
  readonly maySay: MaySay;
  /** That its reader may only look, and what to do about that; missing where they may do more, or were given no more on purpose. */
  readonly barred?: Step;
};

/** Whether somebody may say a line, as far as their role tells. */
export type MaySay = (line: string) => boolean;

/** What holds as long as nobody knows who reads. */
export const mayAll: MaySay = () => true;

type Known = { readonly surroundings: Surroundings | null; readonly attention: Attention };
const known = new WeakMap<State, Known>();

/** What needs a person, and what is to be known, with what helps where so many instances may live. */
const helpsWithin = (state: State, maxInstances = Number.POSITIVE_INFINITY): Pick<Attention, 'needs' | 'notices'> => {
  const { needs, notices } = needsOf(state);
  const present = Object.values(state.instances).filter((one) => isPresent(one.state.kind)).length;
  if (present < maxInstances) return { needs, notices };
  return {
    needs: needs.map((need) => ({ ...need, help: withoutPlaces(need.help, state) })),
    notices: notices.map((alert) => ({ ...alert, suggestion: withoutPlaces(alert.suggestion, state) })),
  };
};

/** What needs somebody and what is to be known, as far as they may do it, where so many instances may live. */
export const offeredWithin = (state: State, maxInstances: number, maySay: MaySay): Attention =>
  offeredTo({ ...attentionOf(state), ...helpsWithin(state, maxInstances) }, maySay);

/** Found once for each state: every panel and every key asks, and a plan has thousands of tasks. */
export const attentionOf = (state: State, surroundings: Surroundings | null = null): Attention => {
  const before = known.get(state);
  if (before && before.surroundings === surroundings) return before.attention;
  const { needs, notices } = helpsWithin(state, surroundings?.maxInstances);
  const toReview = new Map<string, number>();
  const finished = finishedWork(state, surroundings?.isReviewedFirst ?? false);
  const { approved, unreviewed } = finished;
  for (const { run } of unreviewed) toReview.set(run!.instance, (toReview.get(run!.instance) ?? 0) + 1);
  const attention: Attention = {
    ...{ needs, notices, toReview, work: workSteps(state, finished, surroundings) },
    delivery: deliveryStep(state, surroundings ?? {}),
    ...{ unreviewed: unreviewed.length, approved: approved.length, maySay: mayAll },
  };
  known.set(state, { surroundings, attention });
  return attention;
};

/** An alert without a suggestion that its reader would be refused. */
const offeredAlert = (alert: Alert, maySay: MaySay): Alert =>
  alert.suggestion === null || maySay(alert.suggestion) ? alert : { ...alert, suggestion: null };

const offeredNeed = (need: Need, maySay: MaySay): Need => {
  if (need.help === null || maySay(need.help)) return need;
  const look = lookAt(need);
  return { ...need, help: look !== null && maySay(look) ? look : null };
};

const offered = new WeakMap<Attention, { readonly maySay: MaySay; readonly attention: Attention }>();

/**
 * The same for somebody who is refused some of what helps: a need that they can do nothing about they can look at, if they may
 * that, and other work is not proposed. Found once for each reader.
 */
export const offeredTo = (all: Attention, maySay: MaySay): Attention => {
  if (all.maySay === maySay) return all;
  const before = offered.get(all);
  if (before?.maySay === maySay) return before.attention;
  const attention: Attention = {
    ...{ ...all, maySay },
    needs: all.needs.map((need) => offeredNeed(need, maySay)),
    notices: all.notices.map((alert) => offeredAlert(alert, maySay)),
    work: all.work.filter(({ command }) => maySay(command)),
    delivery: all.delivery !== null && maySay(all.delivery.command) ? all.delivery : null,
  };
  offered.set(all, { maySay, attention });
  return attention;
};

/** Shows in full why somebody may only look, and how they would do more. */
export const barredStep = (why: string): Step => ({ kind: 'look', why, command: 'status swarm', isPressing: true });

const barred = new WeakMap<Attention, Attention & { readonly barred: Step }>();

/** The same for somebody who may only look, for this reason; as it is where there is none. */
export const whileBarred = (all: Attention, why: string | undefined): Attention => {
  if (why === undefined) return all;
  const before = barred.get(all);
  if (before?.barred.why === why) return before;
  const attention = { ...all, barred: barredStep(why) };
  barred.set(all, attention);
  return attention;
};

const reviewed = new WeakMap<Attention, { readonly task: string; readonly attention: Attention }>();

/** The same for somebody who has the work of a task open: its review is not proposed, but what follows it. */
export const whileReviewing = (all: Attention, task: string): Attention => {
  const before = reviewed.get(all);
  if (before?.task === task) return before.attention;
  const work = all.work.map((step) => beyondReview(step, task)).filter(({ command }) => all.maySay(command));
  const notices = all.notices.map((alert) =>
    alert.suggestion === reviewCommand(task) ? { ...alert, suggestion: null } : alert,
  );
  const attention: Attention = { ...all, work, notices };
  reviewed.set(all, { task, attention });
  return attention;
};

/** The agents that need a person, in the order to look at them. */
export const waitingAgents = ({ needs }: Pick<Attention, 'needs'>, present: readonly string[]): readonly string[] => {
  const ids = needs.flatMap(({ instance }) => (instance !== null && present.includes(instance) ? [instance] : []));
  return [...new Set(ids)];
};

/**
 * The need to speak of while this agent is selected: its own question where questions are most pressing, because it is answered
 * where it is read; else the most pressing one, which stands first wherever they are listed.
 */
export const needInView = ({ needs }: Pick<Attention, 'needs'>, selected: string | null): Need | undefined => {
  const [first] = needs;
  if (first?.kind !== 'question') return first;
  return needs.find(({ kind, instance }) => kind === 'question' && instance !== null && instance === selected) ?? first;
};

/** The one thing to do now: about the need in view, else what something stands still without, else about a notice. */
export const stepNow = (attention: Attention, selected: string | null): Step | undefined => {
  const need = needInView(attention, selected);
  if (need) return stepFor(need);
  if (attention.barred) return attention.barred;
  const [notice] = attention.notices;
  const known: Step | undefined =
    typeof notice?.suggestion === 'string'
      ? { kind: 'know', why: notice.text, command: notice.suggestion, isPressing: false }
      : undefined;
  return attention.work.find(({ isPressing }) => isPressing) ?? known;
};

/** What does not go on by itself, though others may be at work meanwhile. */
const STILL: readonly Step['kind'][] = ['look', 'resume', 'run', 'choose'];

/** Whether work stands still until somebody says a word. */
export const standsStill = ({ work }: Pick<Attention, 'work'>): boolean =>
  work.some(({ kind }) => STILL.includes(kind));

/** The steps of the work to name where no key is offered: all that are said aloud, else what stands still and is offered first. */
export const nextSteps = ({ work }: Pick<Attention, 'work'>): readonly Step[] => {
  const pressing = work.filter(({ why, isPressing }) => isPressing && why !== '');
  const [first] = work;
  return pressing.length === 0 && first && STILL.includes(first.kind) ? [first] : pressing;
};

/** How much finished work waits for a person, as it is said calmly: agents go on without that. Empty where none does. */
export const finishedText = ({ unreviewed, approved }: Pick<Attention, 'unreviewed' | 'approved'>): string =>
  [unreviewed > 0 ? `${unreviewed} to review` : '', approved > 0 ? `${approved} to merge` : '']
    .filter((part) => part !== '')
    .join(' · ');

/** Whether there is something to say aloud. */
export const hasBanner = (attention: Attention): boolean =>
  attention.needs.length + attention.notices.length > 0 || stepNow(attention, null) !== undefined;

/**
 * What to offer besides {@link stepNow}. Null while that is a step of the work that sets something going, because a second one
 * would be its rival; beside a need, a notice or what is only to be looked at, which may be left for later, null where nothing
 * waits for it.
 */
export const stepBesides = (attention: Attention, selected: string | null): Step | null => {
  const now = stepNow(attention, selected);
  const isWork = now !== undefined && attention.work.includes(now);
  // Whoever is started takes what is set going: that is no rival of it.
  if (isWork && now.kind === 'run') return attention.work.find(({ kind }) => kind === 'launch') ?? null;
  if (isWork && now.kind !== 'look') return null;
  const first = attention.work.find((step) => step !== now);
  return !first || (now && first.why === '') ? null : first;
};
