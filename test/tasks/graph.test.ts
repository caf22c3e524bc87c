import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  criticalPath,
  cycles,
  cycleText,
  type Dependencies,
  looseOrder,
  mergeOrder,
  remainingPath,
  topologicalOrder,
  waves,
} from '../../src/tasks/graph.ts';
import { ancestors, compareIds, sortedIds } from '../../src/tasks/spec/number.ts';

const graph = (edges: Record<string, string[]>): Dependencies => new Map(Object.entries(edges));

/** Graphs without a circle: each task waits only for tasks before it; the keys are shuffled. */
const acyclic = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.tuple(
      fc.tuple(
        ...Array.from({ length: size }, (_, i) => fc.subarray(Array.from({ length: i }, (_unused, j) => `t${j}`))),
      ),
      fc.shuffledSubarray(
        Array.from({ length: size }, (_, i) => i),
        { minLength: size },
      ),
    ),
  )
  .map(([needs, order]): Dependencies => new Map(order.map((i) => [`t${i}`, needs[i]!])));

describe('ids', () => {
  test('are sorted by the numbers in them', () => {
    const sorted = ['1', '2', '2.1', '2.1.1', '2.2', '2.10', '10', '10.1', 'auth-2.1', 'auth-10', 't9', 't10'];
    expect(sorted.toReversed().toSorted(compareIds)).toEqual(sorted);
    expect(compareIds('02', '2')).toBeLessThan(0);
  });

  const id = fc.string({ unit: fc.constantFrom('1', '2', '0', '.', 'a', '-'), maxLength: 6 });

  test('many are sorted as two are compared', () => {
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        expect(sortedIds(ids)).toEqual(ids.toSorted(compareIds));
      }),
    );
  });

  test('order is one order, whatever the texts are', () => {
    fc.assert(
      fc.property(id, id, id, (a, b, c) => {
        expect(Math.sign(compareIds(a, b))).toBe(0 - Math.sign(compareIds(b, a)));
        expect(compareIds(a, b) === 0).toBe(a === b);
        if (compareIds(a, b) <= 0 && compareIds(b, c) <= 0) expect(compareIds(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('know the numbers above them', () => {
    expect(ancestors('2.1.3')).toEqual(['2.1', '2']);
    expect(ancestors('2')).toEqual([]);
  });
});

describe('circles', () => {
  test('[TSK-5] tasks that wait for each other are found and named', () => {
    const circular = graph({ a: ['b'], b: ['a'], c: ['c'], d: ['a', 'unknown'], e: [] });
    expect(cycles(circular).map(cycleText)).toEqual(['a → b → a', 'c → c']);
    for (const refuse of [
      () => waves(circular),
      () => topologicalOrder(circular),
      () => criticalPath(circular, () => 1),
    ])
      expect(refuse).toThrowError(
        expect.objectContaining({
          code: 'plan/cycle',
          exit: 6,
          message: 'These tasks wait for each other: a → b → a.',
        }),
      );
  });

  test('there is one exactly when no order keeps all prerequisites in front', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const any = fc
      .tuple(...ids.map(() => fc.subarray(ids)))
      .map((needs) => new Map(ids.map((id, i) => [id, needs[i]!])));
    fc.assert(
      fc.property(any, (given) => {
        const order = looseOrder(given);
        const kept = ids.every((id) => given.get(id)!.every((need) => order.indexOf(need) < order.indexOf(id)));
        expect(cycles(given).length === 0).toBe(kept);
        for (const cycle of cycles(given))
          for (const [i, id] of cycle.entries()) expect(given.get(id)).toContain(cycle[(i + 1) % cycle.length]);
        expect(remainingPath(given, () => 1).size).toBe(5);
      }),
      { numRuns: 500 },
    );
  });
});

test('prerequisites come first and otherwise the plan decides', () => {
  expect(topologicalOrder(graph({ a: ['d'], b: [], c: ['a'], d: [] }))).toEqual(['d', 'a', 'b', 'c']);
  fc.assert(
    fc.property(acyclic, (given) => {
      const order = topologicalOrder(given);
      expect(order.toSorted()).toEqual([...given.keys()].toSorted());
      for (const [id, needs] of given)
        for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
    }),
  );
});

test('a wave holds what can run once the waves before are done; what is done is met', () => {
  const given = graph({ a: [], b: ['a', 'a'], c: ['a'], d: ['b', 'c', 'gone'] });
  expect(waves(given)).toEqual([['a'], ['b', 'c'], ['d']]);
  expect(waves(given, ['a', 'b'])).toEqual([['c'], ['d']]);
  expect(waves(new Map())).toEqual([]);
});

test('the critical path is the heaviest chain and every task knows what is behind it', () => {
  const given = graph({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'], e: [] });
  const weight = (id: string): number => ({ a: 1, b: 5, c: 2, d: 1, e: 6 })[id]!;
  expect(criticalPath(given, weight)).toEqual({ length: 7, path: ['a', 'b', 'd'] });
  expect(Object.fromEntries(remainingPath(given, weight))).toEqual({ a: 7, b: 6, c: 3, d: 1, e: 6 });
  expect(criticalPath(new Map(), weight)).toEqual({ length: 0, path: [] });
  fc.assert(
    fc.property(acyclic, (some) => {
      const { length, path } = criticalPath(some, () => 1);
      expect(path).toHaveLength(length);
      expect(length).toBe(waves(some).length);
      for (const [i, id] of path.slice(1).entries()) expect(some.get(id)).toContain(path[i]);
    }),
  );
});

test('branches are merged after those they build on, even through a task in between, then by number', () => {
  const given = graph({ '2.1': [], '10.1': [], '3.2': ['3.1'], '3.1': ['10.1'], '4.1': [] });
  expect(mergeOrder(['4.1', '3.2', '10.1', '2.1', 'other'], given)).toEqual(['2.1', '10.1', '3.2', '4.1', 'other']);
});

test('ten thousand tasks in one row, or in one circle, are no trouble', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `t${i}`);
  const row = new Map(ids.map((id, i) => [id, i === 9999 ? [] : [ids[i + 1]!]]));
  expect(topologicalOrder(row)[0]).toBe('t9999');
  expect(waves(row)).toHaveLength(10_000);
  expect(criticalPath(row, () => 1).length).toBe(10_000);
  expect(mergeOrder(ids, row)).toHaveLength(10_000);
  expect(cycles(new Map([...row, ['t9999', ['t0']]]))[0]).toHaveLength(10_000);
});
