import type { EventDraft, State } from '../../state/index.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

type Lack = {
  /** The alert that stands as long as it lasts. */
  readonly id: string;
  readonly facts: (lack: string) => readonly EventDraft[];
  readonly over: string;
};

/** Tells what is lacking once for each time in which it is, and that it is over; it is handed what each look has found. */
export const makeLackTeller = (
  { decide, store }: Pick<DaemonServices, 'decide' | 'store'>,
  { id, facts, over }: Lack,
): ((lack: string | undefined) => Promise<void>) => {
  const isTold = ({ alerts }: State): boolean => alerts[id] !== undefined;
  let wasLacking = isTold(store.state);
  return async (lack) => {
    if (lack !== undefined && !wasLacking) await decide((state) => (isTold(state) ? [] : facts(lack)));
    if (lack === undefined && isTold(store.state)) await decide((state) => clearAlertFacts(state, id, over));
    wasLacking = lack !== undefined;
  };
};
