import type { Delivery, Surroundings } from '../../attention/step.ts';
import { isIntegrationThere, isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Query, QueryAnswers } from '../tabs/tab.ts';

const STATUS = 'status git';

// The screen is drawn again with every key: they are looked through once, until a batch or a command comes.
const known = new WeakMap<State['batches'], { readonly commands: unknown; readonly ends: string }>();

/** How the batches ended, what became of the branches that they were to bring forward, and when one was brought up to date. */
const endsOf = ({ batches, swarm: { commands } }: State): string => {
  const latest = known.get(batches);
  if (latest?.commands === commands) return latest.ends;
  const ends = [
    ...Object.values(batches)
      .filter((batch) => !isUnderWay(batch))
      .map(({ id, state, delivery }) => `${id} ${state} ${delivery?.state}`),
    commands.findLast(({ verb }) => verb === 'sync')?.finished_at,
  ].join(', ');
  known.set(batches, { commands, ends });
  return ends;
};

/** What the last answer says that there is to deliver. */
const deliveryOf = (answers: QueryAnswers): Delivery | null => {
  const reply = answers.get(STATUS);
  return reply?.exit === 0 ? ((reply.data as { delivery?: Delivery | null } | null)?.delivery ?? null) : null;
};

/**
 * Asks whether a branch of the person lacks what is merged; they may bring it there by a git of their own. While that is proposed,
 * and somebody is there, it is asked often, because a file that they change comes in its way.
 */
export const deliveryQueries = (state: State, answers: QueryAnswers, isWatched = true): readonly Query[] => {
  if (!isIntegrationThere(state)) return [];
  const everyMs = isWatched && deliveryOf(answers) ? 3000 : 15_000;
  return [{ text: STATUS, everyMs, always: true, basis: endsOf(state) }];
};

/** So long somebody is thought to be there after a key, and after something else is proposed. */
const WATCHED_MS = 60_000;

/** What is asked about deliveries, by how long ago a key was pressed or an answer was another one. */
export const makeDeliveryQueries = (now: () => number) => {
  let stirredAt = now();
  let latest: Delivery | null = null;
  return {
    /** A key was pressed. */
    stir: (): void => {
      stirredAt = now();
    },
    queries: (state: State, answers: QueryAnswers): readonly Query[] => {
      const delivery = deliveryOf(answers);
      if (!isSame(latest, delivery)) stirredAt = now();
      latest = delivery;
      return deliveryQueries(state, answers, now() - stirredAt < WATCHED_MS);
    },
  };
};

type Known = Pick<Surroundings, 'delivery' | 'isDeliveryAsked'>;

/** What is to be delivered; nothing is known of that between the end of a batch and the answer that knows of it. */
const deliveryIn = (answers: QueryAnswers, state: State): Known => {
  const reply = answers.get(STATUS);
  if (!reply || (reply.basis !== undefined && reply.basis !== endsOf(state)))
    return { delivery: null, isDeliveryAsked: true };
  return { delivery: deliveryOf(answers) };
};

const isSame = (a: Delivery | null | undefined, b: Delivery | null): boolean =>
  a?.branch === b?.branch &&
  a?.commits === b?.commits &&
  a?.own === b?.own &&
  a?.failed?.batch === b?.failed?.batch &&
  a?.hindered === b?.hindered &&
  a?.takes_back?.join() === b?.takes_back?.join() &&
  a?.conflicts?.join() === b?.conflicts?.join();

/** What is known of the place that the swarm works in, with what git says of it; the same again while nothing changes. */
export const makeSurroundings = (found: () => Surroundings | null, canAsk = true) => {
  let latest: { readonly found: Surroundings | null; readonly now: Surroundings | null } = { found: null, now: null };
  return (state: State, answers: QueryAnswers): Surroundings | null => {
    const place = found();
    const isAsked = canAsk && isIntegrationThere(state);
    const asked: Known = isAsked ? deliveryIn(answers, state) : { delivery: null };
    const isAsSaid = latest.now?.isDeliveryAsked === asked.isDeliveryAsked;
    if (latest.found === place && isAsSaid && isSame(latest.now?.delivery, asked.delivery ?? null)) return latest.now;
    latest = { found: place, now: place && { ...place, ...asked } };
    return latest.now;
  };
};
