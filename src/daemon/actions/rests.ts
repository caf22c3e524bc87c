import type { State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { longestRest } from '../../tasks/recovery.ts';
import type { DaemonServices } from '../services.ts';

type Rest = { readonly due: string; readonly end: number };

/** Programs that failed and rest before they are started again. */
export type Rests = {
  /** How long the one that is due next has still to rest, in milliseconds; undefined when none rests. */
  readonly nextMs: () => number | undefined;
  readonly hasRested: (instance: string) => boolean;
};

/** The programs that are to be started again, each with the time that is recorded for it. */
const restingIn = ({ instances }: State) =>
  Object.values(instances).flatMap(({ instance_id: id, recovery, state }) =>
    recovery?.next === 'restart' && recovery.due && (!isAlive(state.kind) || state.kind === 'stuck')
      ? [{ id, due: recovery.due }]
      : [],
  );

/**
 * Follows how long programs have still to rest, by a clock that nobody sets: a time that lies in the journal is looked at by the
 * one of the wall only once. One that lies further ahead than any rest was noted before that clock was set back.
 */
export const makeRests = (
  services: Pick<DaemonServices, 'store' | 'settings' | 'now'>,
  steady: () => number = () => performance.now(),
) => {
  let known: ReadonlyMap<string, Rest> = new Map();
  return (): Rests => {
    const at = steady();
    const wall = Date.parse(services.now());
    const begun = (due: string): Rest => {
      const left = Math.min(Math.max(0, Date.parse(due) - wall), longestRest(services.settings));
      return { due, end: at + left };
    };
    known = new Map(
      restingIn(services.store.state).map(({ id, due }) => {
        const rest = known.get(id);
        return [id, rest?.due === due ? rest : begun(due)];
      }),
    );
    // One that has rested and may not start yet waits for something else than the time.
    const left = [...known.values()].map(({ end }) => end - at).filter((ms) => ms > 0);
    return {
      nextMs: () => (left.length === 0 ? undefined : Math.min(...left)),
      hasRested: (instance) => (known.get(instance)?.end ?? at) <= at,
    };
  };
};
