import { expect, test } from 'vitest';
import { countIn, heldAt, leftAfter, scaleText, waitsOf, workStretches } from '../../../src/tui/tabs/metrics-curves.ts';
import type { Run } from '../../../src/state/tasks.ts';
import { created, moved, NOW, START, started, stateOf, task } from '../fake-swarm.ts';

const ENDLESS = Number.POSITIVE_INFINITY;
const scale = { first: 0, now: 100, parts: 4 };

test('what happened is counted in the part of the time in which it did', () => {
  expect(countIn([10, 99, 100], scale)).toEqual([1, 0, 0, 2]);
  expect(countIn([0], { first: 0, now: 0, parts: 3 })).toEqual([1, 0, 0]);
});

test('what held is counted at the end of each part, and what still holds in the last one, which is now', () => {
  expect(
    heldAt(
      [
        [0, ENDLESS],
        [50, 60],
        [40, 80],
        [90, 100],
      ],
      scale,
    ),
  ).toEqual([1, 3, 2, 1]);
  expect(
    heldAt(
      [
        [100, ENDLESS],
        [120, ENDLESS],
      ],
      scale,
    ),
  ).toEqual([0, 0, 0, 2]);
  expect(heldAt([], { first: 0, now: 0, parts: 2 })).toEqual([0, 0]);
});

test('what is left falls by what was done', () => {
  expect(leftAfter([1, 0, 2], 3)).toEqual([5, 5, 3]);
});

const at = Date.parse(START);
const run = (instance: string, from: number, to: number | null): Run =>
  ({
    instance,
    started_at: new Date(at + from).toISOString(),
    ended_at: to === null ? null : new Date(at + to).toISOString(),
  }) as Run;

test('an agent is at work in its runs but for its waits; now as many are as their states say', () => {
  const state = stateOf([
    ...[1, 2, 3, 4].map((n) => created(n)),
    task('t1', 'One'),
    ...started('t1', 'rehearsal-1'),
    moved('rehearsal-1', 'waiting', 'Which?'),
    moved('rehearsal-2', 'working'),
    moved('rehearsal-3', 'lost'),
    moved('rehearsal-4', 'verifying'),
  ]);
  const runs = [run('rehearsal-1', -5000, null), run('rehearsal-3', -5000, null), run('rehearsal-4', -5000, null)];
  const stretches = workStretches(state, [...runs, run('gone-9', -9000, -8000)]);
  const scaled = { first: at - 9000, now: NOW, parts: 20 };
  expect(heldAt(stretches, scaled).at(-1)).toBe(2);
  expect(heldAt(Object.values(state.instances).flatMap(waitsOf), scaled).at(-1)).toBe(1);
  expect(stretches).toContainEqual([at - 9000, at - 8000]);
  expect(stretches).toContainEqual([at - 5000, ENDLESS]);
  expect(stretches.filter(([from, to]) => from === at - 5000 && to !== ENDLESS)).toHaveLength(2);
});

test('the scale says from when until when it goes, with the days where there are several', () => {
  const first = new Date(2026, 0, 1, 9, 5).getTime();
  expect(scaleText({ first, now: first + 600_000, parts: 60 }, null)).toBe('09:05–09:15, 10s a column');
  expect(scaleText({ first, now: first + 86_400_000, parts: 60 }, null)).toBe(
    '2026-01-01 09:05–2026-01-02 09:05, 24m a column',
  );
  const from = new Date(first + 120_000).toISOString();
  expect(scaleText({ first, now: first + 600_000, parts: 60 }, from)).toBe(
    '09:05–09:15, 10s a column, waiting known from 09:07',
  );
  expect(scaleText({ first: first + 120_000, now: first + 720_000, parts: 60 }, from)).not.toContain('known');
});
