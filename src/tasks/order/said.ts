import { ancestors } from '../spec/number.ts';
import type { ParsedTask } from '../spec/spec-tasks.ts';

/** The leaves below each number, whether the plan has an entry for that number or not. */
export const leavesBelow = (leaves: readonly ParsedTask[]): ReadonlyMap<string, readonly string[]> => {
  const below = new Map<string, string[]>();
  for (const leaf of leaves)
    for (const up of ancestors(leaf.number)) {
      const list = below.get(up);
      if (list) list.push(leaf.number);
      else below.set(up, [leaf.number]);
    }
  return below;
};

/**
 * Numbers that each leaf waits for because the plan says so. A group stands for the leaves in it, and what a group waits
 * for, each of its leaves waits for. Numbers that do not exist are kept.
 */
export const saidNeeds = (tasks: readonly ParsedTask[], leaves: readonly ParsedTask[]): Map<string, string[]> => {
  const byNumber = new Map(tasks.map((task) => [task.number, task]));
  const below = leavesBelow(leaves);
  return new Map(
    leaves.map((leaf) => {
      const above = ancestors(leaf.number);
      // A task cannot wait for the group that it is in.
      const own = new Set([leaf.number, ...above]);
      const named = leaf.depends.filter((number) => number === leaf.number || !own.has(number));
      for (const up of above) named.push(...(byNumber.get(up)?.depends ?? []).filter((number) => !own.has(number)));
      return [leaf.number, [...new Set(named.flatMap((number) => below.get(number) ?? [number]))]];
    }),
  );
};

/** Leaves that say what they depend on, if only that it is nothing, or whose group does. */
export const speakers = (tasks: readonly ParsedTask[], leaves: readonly ParsedTask[]): ReadonlySet<string> => {
  const speaking = new Set(tasks.filter((task) => task.saysOrder).map((task) => task.number));
  return new Set(
    leaves
      .map(({ number }) => number)
      .filter((number) => [number, ...ancestors(number)].some((one) => speaking.has(one))),
  );
};
