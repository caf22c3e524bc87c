import { type Batch, isUnderWay } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import { noBatchYet, notFound, wrongState } from '../errors.ts';
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

/** The batch that is named, or the last one that is of the kind asked for. */
export const batchMeant = (
  state: State,
  id: readonly string[] | undefined,
  isMeant: (batch: Batch) => boolean = () => true,
): Batch => {
  if (id !== undefined) return lookUp(state.batches, requireOne(id, 'batch'), 'batch');
  const last = Object.values(state.batches).findLast(isMeant);
  if (Object.keys(state.batches).length === 0) throw noBatchYet();
  if (!last) throw notFound({ noun: 'batch', id: 'last', known: Object.keys(state.batches) });
  return last;
};

/** What becomes of a batch that is under way with work that was just taken back from it; empty where none had it. */
export const leftOutText = ({ batches }: Pick<State, 'batches'>, ids: readonly string[]): string => {
  const batch = Object.values(batches).find(({ state }) => state === 'running');
  const out = ids.filter((id) => batch?.tasks.includes(id) && !batch.merged.some(({ task }) => task === id));
  return batch && out.length > 0 ? ` ${batch.id}, which is under way, leaves ${out.join(', ')} out.` : '';
};
