import type { AppEvent } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { emptyUsage, reduceUsage, type Spending, totalTokens, type Usage } from '../../state/usage.ts';
import type { PastPoint } from '../wire.ts';

/** Whether an agent waits for somebody, or would if it were not frozen. */
type Standing = { readonly waits: boolean; readonly isFrozen: boolean };

/** What is known of the past after some events of the journal. */
type Past = {
  readonly usage: Usage;
  /** Of agents that wait or are frozen. */
  readonly standing: ReadonlyMap<string, Standing>;
  readonly points: readonly PastPoint[];
};

export const NO_PAST: Past = { usage: emptyUsage, standing: new Map(), points: [] };

/** Points that are nearer to each other than this, in milliseconds, are one; of so many every second one is left out. */
const NEAR_MS = 1000;
const MOST_POINTS = 1000;

const NEITHER: Standing = { waits: false, isFrozen: false };
/** What begins anew, or ends, waits for nobody. */
const ENDS: ReadonlySet<string> = new Set([
  'instance.started',
  'instance.restart_requested',
  'instance.stop_requested',
  'instance.removed',
]);

/** How an agent stands after an event that is about it, as the state has it. */
const standsAfter = (before: Standing, { type, data }: AppEvent): Standing => {
  if (ENDS.has(type)) return NEITHER;
  if (type === 'instance.paused') return { ...before, isFrozen: true };
  if (type === 'instance.resumed') return { ...before, isFrozen: false };
  if (type !== 'instance.moved') return before;
  // What was on its way when it was frozen changes what it goes back to.
  return { waits: data.state === 'waiting', isFrozen: before.isFrozen && isAlive(data.state) };
};

const standingAfter = (standing: Past['standing'], event: AppEvent): Past['standing'] => {
  if (!event.type.startsWith('instance.')) return standing;
  const { instance_id: id } = event.data as { readonly instance_id: string };
  const before = standing.get(id) ?? NEITHER;
  const now = standsAfter(before, event);
  if (now.waits === before.waits && now.isFrozen === before.isFrozen) return standing;
  const others = [...standing].filter(([one]) => one !== id);
  return new Map(now.waits || now.isFrozen ? [...others, [id, now]] : others);
};

const waitingIn = (standing: Past['standing']): number =>
  [...standing.values()].filter(({ waits, isFrozen }) => waits && !isFrozen).length;

/** Adds how it is now, where that is something else than before. */
const withPoint = (points: readonly PastPoint[], next: PastPoint): readonly PastPoint[] => {
  const last = points.at(-1);
  if (last && last.waiting === next.waiting && last.usd === next.usd && last.tokens === next.tokens) return points;
  return [...(last && next.at - last.at < NEAR_MS ? points.slice(0, -1) : points), next];
};

const thinned = (points: readonly PastPoint[]): readonly PastPoint[] =>
  points.length <= MOST_POINTS ? points : points.filter((_point, i) => i % 2 === 0 || i === points.length - 1);

/** The past with some more events, by the same counting as everywhere. */
export const pastAfter = (past: Past, events: readonly AppEvent[]): Past => {
  let { usage, standing, points } = past;
  for (const event of events) {
    const [spent, stood] = [usage, standing];
    usage = reduceUsage(usage, event);
    standing = standingAfter(standing, event);
    if (usage === spent && standing === stood) continue;
    const { swarm } = usage;
    const at = Date.parse(event.at);
    points = thinned(
      withPoint(points, { at, waiting: waitingIn(standing), usd: swarm.usd, tokens: totalTokens(swarm) }),
    );
  }
  return { usage, standing, points };
};

/** The points, where the events begin in the middle: what was spent before them lies below all of them. */
export const liftedTo = ({ usage, points }: Past, now: Spending): readonly PastPoint[] => {
  const usd = Math.max(0, now.usd - usage.swarm.usd);
  const tokens = Math.max(0, totalTokens(now) - totalTokens(usage.swarm));
  return points.map((point) => ({ ...point, usd: point.usd + usd, tokens: point.tokens + tokens }));
};
