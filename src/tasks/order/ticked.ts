import { looseOrder } from '../graph.ts';
import { addEdges, addGate, type Edges, LONG_LIST, needsOf } from './edges.ts';

/** The open tasks among these prerequisites, and those that ticked ones among them waited for. */
const openAmong = (
  needs: readonly string[],
  ticked: ReadonlySet<string>,
  openBehind: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> => {
  const open = new Set<string>();
  for (const need of needs)
    if (!ticked.has(need)) open.add(need);
    else for (const one of openBehind.get(need) ?? []) open.add(one);
  return open;
};

/**
 * Ticked tasks hand on what they waited for and what is open still: whoever waits for one of them waits for that too, so
 * that the order of the open tasks is the same whatever is ticked between them. What is cancelled is not handed on.
 */
export const addThroughTicked = (to: Edges, ticked: ReadonlySet<string>, cancelled: ReadonlySet<string>): void => {
  if (ticked.size === 0) return;
  const needs = needsOf(to);
  const openBehind = new Map<string, ReadonlySet<string>>();
  for (const id of looseOrder(needs)) {
    const own = needs.get(id)!.filter((need) => needs.has(need));
    const alive = own.filter((need) => !cancelled.has(need));
    const open = openAmong(alive, ticked, openBehind);
    if (ticked.has(id)) openBehind.set(id, open.size > LONG_LIST ? new Set([addGate(to, [...open], 'ticked')]) : open);
    else addEdges(to, [id], [...open], 'ticked');
  }
};
