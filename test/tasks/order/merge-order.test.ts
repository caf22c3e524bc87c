import { expect, test } from 'vitest';
import { orderMerges } from '../../../src/tasks/order/merge-order.ts';

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
