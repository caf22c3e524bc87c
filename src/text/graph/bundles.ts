import { isGate } from '../../tasks/gates.ts';
import type { GraphData, GraphTask } from './graph-data.ts';

/** What a task waits for by one rule; two that mean the same tasks by the same rule have the same key. */
export type Wait = { readonly key: string; readonly rule: string | null; readonly ids: readonly string[] };

/** Edges of one rule from each of these tasks to each of those. */
export type Bundle = {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly rule: string | null;
};

/** What a task waits for, rule by rule and gate by gate. */
export const waitsOf = ({ needs }: Pick<GraphTask, 'needs'>, gates: GraphData['gates']): readonly Wait[] =>
  [...Map.groupBy(needs, ({ id, rule }) => JSON.stringify(isGate(id) ? [rule, id] : [rule]))].map(([kind, found]) => {
    const { id, rule } = found[0]!;
    if (isGate(id)) return { key: kind, rule, ids: gates[id] ?? [] };
    const ids = found.map((one) => one.id);
    return { key: JSON.stringify([rule, ids]), rule, ids };
  });

/** All edges, those put together that tasks have in common: what waits for the same tasks by the same rule. */
export const bundlesOf = ({ tasks, gates }: Pick<GraphData, 'tasks' | 'gates'>): readonly Bundle[] => {
  const found = new Map<string, { from: readonly string[]; to: string[]; rule: string | null }>();
  for (const task of tasks)
    for (const { key, rule, ids } of waitsOf(task, gates)) {
      const bundle = found.get(key);
      if (bundle) bundle.to.push(task.id);
      else found.set(key, { from: ids, to: [task.id], rule });
    }
  return [...found.values()];
};

/** Whether a drawing is plainer when the edges meet in a point than when each is drawn. */
export const isKnot = ({ from, to }: Bundle): boolean => from.length * to.length > from.length + to.length;
