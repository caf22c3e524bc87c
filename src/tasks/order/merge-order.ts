import { type Dependencies, mergeOrder } from '../graph.ts';

/** A task at its place in a batch, and why it stands there. */
export type OrderedMerge = { readonly task: string; readonly because: string };

/** Who conflicts with whom. */
export type Clashes = ReadonlyMap<string, ReadonlySet<string>>;

/** Of each of these tasks those of them that it is built on, also through others. */
const needsAmong = (ids: readonly string[], graph: Dependencies): ReadonlyMap<string, ReadonlySet<string>> => {
  const wanted = new Set(ids);
  return new Map(
    ids.map((id) => {
      const seen = new Set<string>();
      const open = [...(graph.get(id) ?? [])];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(...(graph.get(next) ?? []));
      }
      return [id, new Set([...seen].filter((need) => wanted.has(need) && need !== id))];
    }),
  );
};

const listed = (ids: Iterable<string>): string => {
  const all = [...ids];
  return all.length > 4 ? `${all.slice(0, 4).join(', ')} and ${all.length - 4} others` : all.join(', ');
};

/**
 * The order in which branches are merged: what a task is built on comes first, and of those that can come next the one that
 * keeps the fewest others out by its conflicts. What conflicts with one that goes first comes last: somebody may resolve it.
 */
export const orderMerges = (tasks: Iterable<string>, graph: Dependencies, clashes: Clashes): OrderedMerge[] => {
  const ids = mergeOrder(tasks, graph);
  const needs = needsAmong(ids, graph);
  const dependants = new Map(ids.map((id) => [id, ids.filter((other) => needs.get(other)!.has(id))]));
  const left = new Set(ids);
  const late = new Map<string, string>();
  const order: OrderedMerge[] = [];
  const openClashes = (id: string): string[] => [...(clashes.get(id) ?? [])].filter((other) => left.has(other));
  const weight = (id: string): number => 1 + dependants.get(id)!.filter((other) => left.has(other)).length;
  const cost = (id: string): number => openClashes(id).reduce((sum, other) => sum + weight(other), 1) - weight(id);

  const keepOut = (id: string, because: string): void => {
    if (!left.delete(id)) return;
    late.set(id, because);
    for (const dependant of dependants.get(id)!) keepOut(dependant, `it builds on ${id}, which conflicts`);
  };
  const place = (id: string): void => {
    const [before, others] = [needs.get(id)!, openClashes(id)];
    const why =
      others.length === 0
        ? 'it conflicts with none of the others'
        : `it conflicts with ${listed(others)}; fewest first`;
    left.delete(id);
    order.push({ task: id, because: before.size > 0 ? `it builds on ${listed(before)}` : why });
    for (const other of others) keepOut(other, `it conflicts with ${id}, which comes first`);
  };

  while (left.size > 0) {
    const next = [...left].filter((id) => [...needs.get(id)!].every((need) => !left.has(need)));
    const costs = new Map(next.map((id) => [id, cost(id)]));
    place(next.reduce((best, id) => (costs.get(id)! < costs.get(best)! ? id : best)));
  }
  return [...order, ...ids.flatMap((id) => (late.has(id) ? [{ task: id, because: late.get(id)! }] : []))];
};
