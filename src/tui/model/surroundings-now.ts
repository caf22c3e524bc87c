import type { Delivery, Surroundings } from '../../attention/steps.ts';
import { isIntegrationThere, isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Query, QueryAnswers } from '../tabs/tab.ts';

const STATUS = 'status git';

/** How the batches ended, what became of the branches that they were to bring forward, and when one was brought up to date. */
const endsOf = ({ batches, swarm }: State): string =>
  [
    ...Object.values(batches)
      .filter((batch) => !isUnderWay(batch))
      .map(({ id, state, delivery }) => `${id} ${state} ${delivery?.state}`),
    swarm.commands.findLast(({ verb }) => verb === 'sync')?.finished_at,
  ].join(', ');

/** Asks whether a branch of the person lacks what is merged; they may bring it there by a git of their own. */
export const deliveryQueries = (state: State): readonly Query[] =>
  isIntegrationThere(state) ? [{ text: STATUS, everyMs: 15_000, always: true, basis: endsOf(state) }] : [];

const deliveryIn = (answers: QueryAnswers): Delivery | null => {
  const reply = answers.get(STATUS);
  return reply?.exit === 0 ? ((reply.data as { delivery?: Delivery | null } | null)?.delivery ?? null) : null;
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
export const makeSurroundings = (found: () => Surroundings | null) => {
  let latest: { readonly found: Surroundings | null; readonly now: Surroundings | null } = { found: null, now: null };
  return (answers: QueryAnswers): Surroundings | null => {
    const place = found();
    const delivery = deliveryIn(answers);
    if (latest.found === place && isSame(latest.now?.delivery, delivery)) return latest.now;
    latest = { found: place, now: place && { ...place, delivery } };
    return latest.now;
  };
};
