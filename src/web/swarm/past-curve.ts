import type { AppEvent } from '../../state/index.ts';
import { emptyUsage, reduceUsage, type Spending, totalTokens, type Usage } from '../../state/usage.ts';
import type { PastPoint } from '../wire.ts';

/** What is known of the past after some events of the journal. */
type Past = {
  readonly usage: Usage;
  readonly waiting: ReadonlySet<string>;
  readonly points: readonly PastPoint[];
};

export const NO_PAST: Past = { usage: emptyUsage, waiting: new Set(), points: [] };

/** Points that are nearer to each other than this, in milliseconds, are one; of so many every second one is left out. */
const NEAR_MS = 1000;
const MOST_POINTS = 1000;

/** Who waits for somebody after an event. */
const waitingAfter = (waiting: ReadonlySet<string>, { type, data }: AppEvent): ReadonlySet<string> => {
  if (!type.startsWith('instance.')) return waiting;
  const { instance_id: id } = data as { readonly instance_id: string };
  const begins = type === 'instance.moved' && data.state === 'waiting';
  const ends = type === 'instance.moved' || type === 'instance.removed' || type === 'instance.paused';
  if (waiting.has(id) ? !ends || begins : !begins) return waiting;
  return new Set(begins ? [...waiting, id] : [...waiting].filter((one) => one !== id));
};

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
  let { usage, waiting, points } = past;
  for (const event of events) {
    const [spent, waits] = [usage, waiting];
    usage = reduceUsage(usage, event);
    waiting = waitingAfter(waiting, event);
    if (usage === spent && waiting === waits) continue;
    const { swarm } = usage;
    const at = Date.parse(event.at);
    points = thinned(withPoint(points, { at, waiting: waiting.size, usd: swarm.usd, tokens: totalTokens(swarm) }));
  }
  return { usage, waiting, points };
};

/** The points, where the events begin in the middle: what was spent before them lies below all of them. */
export const liftedTo = ({ usage, points }: Past, now: Spending): readonly PastPoint[] => {
  const usd = Math.max(0, now.usd - usage.swarm.usd);
  const tokens = Math.max(0, totalTokens(now) - totalTokens(usage.swarm));
  return points.map((point) => ({ ...point, usd: point.usd + usd, tokens: point.tokens + tokens }));
};
