import type { GraphTask } from './graph-data.ts';

/** Edges of one rule from each of these tasks to each of those. */
export type Bundle = {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly rule: string | null;
};

/** What a task waits for by one rule. */
export type Wait = { readonly rule: string | null; readonly ids: readonly string[] };

/** What a task waits for, rule by rule. */
export const waitsOf = ({ needs }: Pick<GraphTask, 'needs'>): readonly Wait[] =>
  [...Map.groupBy(needs, ({ rule }) => rule)].map(([rule, found]) => ({ rule, ids: found.map(({ id }) => id) }));

/** All edges, those put together that tasks have in common: what waits for the same tasks by the same rule. */
export const bundlesOf = (tasks: readonly GraphTask[]): readonly Bundle[] => {
  const found = new Map<string, { from: readonly string[]; to: string[]; rule: string | null }>();
  for (const task of tasks)
    for (const { rule, ids } of waitsOf(task)) {
      const key = JSON.stringify([rule, ids]);
      const bundle = found.get(key);
      if (bundle) bundle.to.push(task.id);
      else found.set(key, { from: ids, to: [task.id], rule });
    }
  return [...found.values()];
};

/** Whether a drawing is plainer when the edges meet in a point than when each is drawn. */
export const isKnot = ({ from, to }: Bundle): boolean => from.length * to.length > from.length + to.length;
