import { traceOf } from '../../lib/errors.ts';
import type { Batch } from '../../state/batches.ts';
import { conflictId } from '../../state/conflict-records.ts';
import type { State } from '../../state/index.ts';
import type { DaemonServices } from '../services.ts';
import type { Layer } from './build-stack.ts';
import { remember } from './memory.ts';

/** Whether a batch has met a conflict of the task before. */
const hasMet = ({ batches }: State, task: string): boolean =>
  Object.values(batches).some(({ set_aside }) =>
    set_aside.some((one) => one.task === task && one.reason === 'conflict'),
  );

/** The merges by which a conflict of this task was resolved: by a side that somebody chose, or on its branch. */
const solvedIn = async ({ store, home }: DaemonServices, batch: Batch, { task, commit }: Layer) => {
  const record = store.state.conflicts[conflictId(batch.id, task.id)];
  const chosen =
    record && batch.side !== null
      ? [{ ours: record.ours, theirs: record.theirs, result: commit, how: `${batch.side}, chosen in ${batch.id}` }]
      : [];
  const made = hasMet(store.state, task.id)
    ? await home.git.mergesBetween(batch.base_commit, task.run.result.head_commit)
    : [];
  const how = `by ${task.run.instance} for ${task.id}`;
  // What the merge itself left may have been put right by a later commit: what counts is what was judged.
  const result = task.run.result.head_commit;
  return [...chosen, ...made.map(({ parents: [ours, theirs] }) => ({ ours, theirs, result, how }))];
};

/** Remembers what people and agents made of conflicts whose merges are published; without it nothing is lost but that. */
export const rememberMerges = async (
  services: DaemonServices,
  batch: Batch,
  layers: readonly Layer[],
): Promise<void> => {
  if (!services.settings.integration.remember) return;
  for (const layer of layers)
    try {
      const { id } = layer.task;
      const known = Object.values(services.store.state.conflicts).findLast((record) => record.task === id);
      if (!known) continue;
      const files: { readonly path: string; readonly key: string }[] = [];
      for (const solved of await solvedIn(services, batch, layer)) files.push(...(await remember(services, solved)));
      if (files.length > 0)
        await services.decide(() => [{ type: 'conflict.remembered', data: { batch: known.batch, task: id, files } }]);
    } catch (error) {
      if (services.signal.aborted) throw error;
      services.log(`how ${layer.task.id} was resolved is not remembered: ${traceOf(error)}`);
    }
};
