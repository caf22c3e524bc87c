import { type Dependencies, mergeOrder } from '../graph.ts';
import { type Links, mostApart } from './most-apart.ts';

/** A task at its place in a batch, and why it stands there. */
export type OrderedMerge = { readonly task: string; readonly because: string };

/** Those that come one after the other, and why others have to come after all of them. */
type Placed = { readonly order: readonly OrderedMerge[]; readonly late: ReadonlyMap<string, string> };

/** Of each of these tasks those of them that it is built on, also through others. */
const needsAmong = (ids: readonly string[], graph: Dependencies): Links => {
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

/** Who keeps whom out: those that conflict, with what is built on them. */
const keptOut = (ids: readonly string[], dependants: Links, clashes: Links): Links => {
  const withBuilt = (id: string) => [id, ...(dependants.get(id) ?? [])];
  const near = new Map(ids.map((id) => [id, new Set<string>()]));
  for (const id of ids) {
    const others = [...(clashes.get(id) ?? [])].filter((other) => near.has(other)).flatMap(withBuilt);
    for (const one of withBuilt(id)) for (const other of others) near.get(one)!.add(other);
  }
  return near;
};

/** Those that have to wait so that more can be merged than `placed`, which is how it comes out by itself. */
const toWait = (near: Links, placed: ReadonlySet<string>): ReadonlySet<string> => {
  // What conflicts with what it is built on is never merged.
  const ids = [...near.keys()].filter((id) => !near.get(id)!.has(id));
  const better = mostApart(ids, near).filter(
    ({ group, most }) => most.length > group.filter((id) => placed.has(id)).length,
  );
  return new Set(better.flatMap(({ group, most }) => group.filter((id) => !most.includes(id))));
};

type Placing = {
  readonly needs: Links;
  readonly dependants: Links;
  readonly clashes: Links;
  /** Those that come when nobody else is left. */
  readonly waiting: ReadonlySet<string>;
};

const placed = (ids: readonly string[], { needs, dependants, clashes, waiting }: Placing): Placed => {
  const left = new Set(ids);
  const late = new Map<string, string>();
  const order: OrderedMerge[] = [];
  const openClashes = (id: string): string[] => [...(clashes.get(id) ?? [])].filter((other) => left.has(other));
  const weight = (id: string): number => 1 + [...dependants.get(id)!].filter((other) => left.has(other)).length;
  const cost = (id: string): number =>
    waiting.has(id)
      ? Number.POSITIVE_INFINITY
      : openClashes(id).reduce((sum, other) => sum + weight(other), 1) - weight(id);

  const keepOut = (id: string, because: string): void => {
    if (!left.delete(id)) return;
    late.set(id, because);
    for (const dependant of dependants.get(id)!) keepOut(dependant, `it builds on ${id}, which conflicts`);
  };
  const why = (others: readonly string[]): string => {
    if (others.length === 0) return 'it conflicts with none of the others';
    const isChosen = others.some((other) => waiting.has(other));
    return `it conflicts with ${listed(others)}${isChosen ? ', without which more can be merged' : '; fewest first'}`;
  };
  const place = (id: string): void => {
    const [before, others] = [needs.get(id)!, openClashes(id)];
    left.delete(id);
    order.push({ task: id, because: before.size > 0 ? `it builds on ${listed(before)}` : why(others) });
    for (const other of others) keepOut(other, `it conflicts with ${id}, which comes first`);
  };

  while (left.size > 0) {
    const next = [...left].filter((id) => [...needs.get(id)!].every((need) => !left.has(need)));
    const costs = new Map(next.map((id) => [id, cost(id)]));
    place(next.reduce((best, id) => (costs.get(id)! < costs.get(best)! ? id : best)));
  }
  return { order, late };
};

/**
 * The order in which branches are merged: what a task is built on comes first, and of those that can come next the one that
 * keeps the fewest others out by its conflicts, unless more can be merged another way. What conflicts with one that goes
 * first comes last: somebody may resolve it.
 */
export const orderMerges = (tasks: Iterable<string>, graph: Dependencies, clashes: Links): OrderedMerge[] => {
  const ids = mergeOrder(tasks, graph);
  const needs = needsAmong(ids, graph);
  const dependants = new Map(ids.map((id) => [id, new Set(ids.filter((other) => needs.get(other)!.has(id)))]));
  const place = (waiting: ReadonlySet<string>) => placed(ids, { needs, dependants, clashes, waiting });
  const first = place(new Set());
  const waiting =
    clashes.size === 0
      ? new Set<string>()
      : toWait(keptOut(ids, dependants, clashes), new Set(first.order.map(({ task }) => task)));
  const { order, late } = waiting.size === 0 ? first : place(waiting);
  return [...order, ...ids.flatMap((id) => (late.has(id) ? [{ task: id, because: late.get(id)! }] : []))];
};
