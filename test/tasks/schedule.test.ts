import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeHeap } from '../../src/tasks/heap.ts';
import { bestListSchedule, type Job, listSchedule, lowerBound } from '../../src/tasks/schedule.ts';

const job = (id: string, duration: number, dependencies: string[] = []): Job => ({ id, duration, dependencies });

const jobs = fc.integer({ min: 1, max: 15 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, i) =>
      fc.record({
        id: fc.constant(`t${i}`),
        duration: fc.integer({ min: 0, max: 20 }),
        dependencies: fc.subarray(
          Array.from({ length: i }, (_unused, j) => `t${j}`),
          { maxLength: Math.min(3, i) },
        ),
      }),
    ),
  ),
);

test('a heap gives its items in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = makeHeap<number>((a, b) => a - b);
      for (const number of numbers) heap.push(number);
      expect(numbers.map(() => heap.pop())).toEqual(numbers.toSorted((a, b) => a - b));
      expect([heap.pop(), heap.peek()]).toEqual([undefined, undefined]);
    }),
  );
});

test('machines take jobs in the given order as soon as they are free', () => {
  const schedule = listSchedule([job('a', 2), job('b', 3), job('c', 4, ['a'])], 2, ['b']);
  expect(schedule).toEqual({
    makespan: 6,
    items: [
      { id: 'b', machine: 0, start: 0, end: 3 },
      { id: 'a', machine: 1, start: 0, end: 2 },
      { id: 'c', machine: 1, start: 2, end: 6 },
    ],
  });
  expect(listSchedule([], 3, []).makespan).toBe(0);
});

test('a long job behind others is not left to the end when durations are known', () => {
  const given = [job('a', 3), job('b', 3), job('c', 3), job('d', 9, [])];
  expect(listSchedule(given, 2, ['a', 'b', 'c', 'd']).makespan).toBe(12);
  expect(bestListSchedule(given, 2).makespan).toBe(9);
  expect(lowerBound(given, 2)).toBe(9);
});

test('[DST-1] no schedule starts a job before its prerequisites, gives a machine two at once, or beats the bound', () => {
  fc.assert(
    fc.property(jobs, fc.integer({ min: 1, max: 6 }), (given, machines) => {
      for (const schedule of [listSchedule(given, machines, []), bestListSchedule(given, machines)]) {
        const items = new Map(schedule.items.map((item) => [item.id, item]));
        expect(items.size).toBe(given.length);
        for (const { id, duration, dependencies } of given) {
          const item = items.get(id)!;
          expect(item.end - item.start).toBe(duration);
          for (const need of dependencies) expect(items.get(need)!.end).toBeLessThanOrEqual(item.start);
          for (const other of schedule.items)
            if (other.id !== id && other.machine === item.machine)
              expect(other.end <= item.start || item.end <= other.start).toBe(true);
        }
        expect(schedule.makespan).toBeGreaterThanOrEqual(lowerBound(given, machines));
        // Graham: no list schedule is worse than twice the best.
        expect(schedule.makespan).toBeLessThanOrEqual(2 * lowerBound(given, machines));
      }
    }),
    { numRuns: 300 },
  );
});

test('ten thousand jobs are scheduled', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => job(`t${i}`, (i * 7) % 13, i > 5 ? [`t${i - 5}`] : []));
  expect(bestListSchedule(many, 8).makespan).toBeGreaterThanOrEqual(lowerBound(many, 8));
});
