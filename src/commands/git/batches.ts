import { type Batch, isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { noBatchMeant, noBatchYet, wrongState } from '../errors.ts';
import { lookUp, requireOne } from '../selection.ts';

/** Refuses while the integration branch is about to move for a batch. */
export const assertNoneUnderWay = (state: State): void => {
  const busy = Object.values(state.batches).find(isUnderWay);
  if (busy)
    throw wrongState({
      id: busy.id,
      state: busy.state,
      wants: 'one batch at a time',
      hint: `Wait for it: show integration ${busy.id}`,
    });
};

/** Which batches a command is for, and what is said where none is of these. */
type Meant = { readonly isMeant: (batch: Batch) => boolean; readonly none: string };

/** The batch that is named, or the last one that is of the kind asked for. */
export const batchMeant = (state: State, id: readonly string[] | undefined, meant?: Meant): Batch => {
  if (id !== undefined) return lookUp(state.batches, requireOne(id, 'batch'), 'batch');
  const last = Object.values(state.batches).findLast(meant?.isMeant ?? (() => true));
  if (Object.keys(state.batches).length === 0) throw noBatchYet();
  if (!last) throw noBatchMeant({ why: meant?.none ?? 'is there' });
  return last;
};

/** What becomes of a batch that is under way with work that was just taken back from it; empty where none had it. */
export const leftOutText = ({ batches }: Pick<State, 'batches'>, ids: readonly string[]): string => {
  const batch = Object.values(batches).find(({ state }) => state === 'running');
  const out = ids.filter((id) => batch?.tasks.includes(id) && !batch.merged.some(({ task }) => task === id));
  return batch && out.length > 0 ? ` ${batch.id}, which is under way, leaves ${out.join(', ')} out.` : '';
};
