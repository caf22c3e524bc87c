import { expect, test } from 'vitest';
import { orderMerges } from '../../../src/tasks/order/merge-order.ts';
import { conflictGraph } from '../../fixtures/conflict-graph.ts';

const clashesOf = (pairs: readonly (readonly [number, number])[]) => {
  const clashes = new Map<string, Set<string>>();
  for (const [a, b] of pairs)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      clashes.set(`t${one}`, (clashes.get(`t${one}`) ?? new Set()).add(`t${other}`));
  return clashes;
};

const ids = (count: number) => Array.from({ length: count }, (_, n) => `t${n + 1}`);

/** How many land when merges are made in this order, and what conflicts with one before it does not. */
const landed = (order: readonly string[], clashes: ReadonlyMap<string, ReadonlySet<string>>): number => {
  const inside = new Set<string>();
  for (const id of order) if (![...(clashes.get(id) ?? [])].some((other) => inside.has(other))) inside.add(id);
  return inside.size;
};

/** The most that any order lands: tried out, connected part by connected part. */
const mostOf = (all: readonly string[], clashes: ReadonlyMap<string, ReadonlySet<string>>): number => {
  const [first, ...rest] = all;
  if (first === undefined) return 0;
  const near = clashes.get(first) ?? new Set();
  const without = rest.filter((id) => !near.has(id));
  const withIt = 1 + mostOf(without, clashes);
  return without.length === rest.length ? withIt : Math.max(withIt, mostOf(rest, clashes));
};

/** Groups of five: a hub with four around it, five in a row, a ring, all against all, or none at all. */
const PARTS: readonly (readonly (readonly [number, number])[])[] = [
  [1, 2, 3, 4].map((n) => [0, n] as const),
  [0, 1, 2, 3].map((n) => [n, n + 1] as const),
  [0, 1, 2, 3, 4].map((n) => [n, (n + 1) % 5] as const),
  [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].filter((b) => b > a).map((b) => [a, b] as const)),
  [],
];

test('[GIT-3] of 100 branches as many land as by the best order that their conflicts allow, and more than by number', () => {
  const pairs = Array.from({ length: 20 }, (_, part) =>
    PARTS[part % 5]!.map(([a, b]) => [part * 5 + a + 1, part * 5 + b + 1] as const),
  ).flat();
  const clashes = clashesOf(pairs);
  const order = orderMerges(ids(100), new Map(), clashes).map(({ task }) => task);
  expect(order.toSorted()).toEqual(ids(100).toSorted());
  const best = Array.from({ length: 20 }, (_, part) => mostOf(ids(100).slice(part * 5, part * 5 + 5), clashes));
  expect(landed(order, clashes)).toBe(best.reduce((sum, n) => sum + n, 0));
  expect(landed(ids(100), clashes)).toBeLessThan(landed(order, clashes));
});

const pairsIn = (group: readonly number[]) => group.flatMap((a, n) => group.slice(n + 1).map((b) => [a, b] as const));

test('[GIT-3] as many land as can, however the conflicts of 100 branches lie', () => {
  // By the fewest conflicts alone not as many come in with the first and the last of them.
  const seeds = [1, 2, 3, 7];
  const told = seeds.map((seed) => {
    const { groups, most } = conflictGraph(seed, 100);
    const clashes = clashesOf(groups.flatMap(pairsIn));
    const order = orderMerges(ids(100), new Map(), clashes).map(({ task }) => task);
    return { seed, most, lands: landed(order, clashes) };
  });
  expect(told.filter(({ most, lands }) => lands !== most)).toEqual([]);
});

test('one with few conflicts waits where more can be merged without it, also with what they are built on', () => {
  const trap = clashesOf([
    ...[2, 3, 4].flatMap((a) => [1, 5, 6, 7, 8].map((b) => [a, b] as const)),
    ...pairsIn([5, 6, 7, 8]),
  ]);
  expect(orderMerges(ids(8), new Map(), trap).slice(0, 4)).toEqual([
    ...[2, 3, 4].map((n) => ({
      task: `t${n}`,
      because:
        n === 2
          ? 'it conflicts with t1, t5, t6, t7 and 1 others, without which more can be merged'
          : expect.any(String),
    })),
    { task: 't1', because: 'it conflicts with t2, which comes first' },
  ]);
  // With two more on top of it, the one with the fewest conflicts is worth as much as those that it keeps out.
  const graph = new Map(['t9', 't10'].map((id) => [id, ['t1']]));
  expect(
    orderMerges(ids(10), graph, trap)
      .map(({ task }) => task)
      .slice(0, 3),
  ).toEqual(['t1', 't9', 't10']);
});

test('what conflicts with what it is built on keeps nobody else out', () => {
  const clashes = clashesOf([
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
  const order = orderMerges(ids(4), new Map([['t2', ['t1']]]), clashes);
  expect(order.map(({ task }) => task)).toEqual(['t1', 't3', 't2', 't4']);
});

test('what a task is built on comes first, also through tasks in between, and what conflicts comes last', () => {
  const graph = new Map([
    ['t1', ['t3']],
    ['t3', ['t9']],
    ['t9', ['t2']],
  ]);
  expect(orderMerges(['t1', 't2', 't4', 't5'], graph, clashesOf([[4, 5]]))).toEqual([
    { task: 't2', because: 'it conflicts with none of the others' },
    { task: 't1', because: 'it builds on t2' },
    { task: 't4', because: 'it conflicts with t5; fewest first' },
    { task: 't5', because: 'it conflicts with t4, which comes first' },
  ]);
});

test('one that others are built on is not given up for one alone', () => {
  const graph = new Map([
    ['t3', ['t2']],
    ['t4', ['t2']],
  ]);
  const order = orderMerges(['t1', 't2', 't3', 't4'], graph, clashesOf([[1, 2]]));
  expect(order.map(({ task }) => task)).toEqual(['t2', 't3', 't4', 't1']);
});

test('what is built on one that is kept out comes after it', () => {
  const order = orderMerges(
    ['t1', 't2', 't3'],
    new Map([['t3', ['t2']]]),
    clashesOf([
      [1, 2],
      [1, 3],
    ]),
  );
  expect(order.map(({ task }) => task)).toEqual(['t2', 't3', 't1']);
});
