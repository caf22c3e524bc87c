import { expect, test } from 'vitest';
import { planOrder } from '../../src/tasks/select.ts';
import { graphDataOf } from '../../src/text/graph/graph-of.ts';
import { inView, layGraphOut, type Measures, neighbourOf } from '../../web/src/model/graph-layout.ts';
import { begin, created } from '../tasks/journal.ts';

const MEASURES: Measures = { width: 100, height: 40, gapX: 50, gapY: 10 };

/** The drawing of tasks that wait for others. */
const drawn = (needs: Readonly<Record<string, readonly string[]>>, measures = MEASURES) => {
  const state = begin(
    ...Object.entries(needs).map(([id, dependencies]) => created(id, { dependencies: [...dependencies] })),
  );
  const tasks = planOrder(state.specs, state.tasks).map((id) => state.tasks[id]!);
  const data = graphDataOf(state, tasks, '');
  return { data, layout: layGraphOut(data, measures) };
};

const placeOf = ({ layout }: ReturnType<typeof drawn>, id: string) => layout.tasks.find(({ task }) => task.id === id)!;

/** So many tasks in waves of eight, each after one or two of the wave before. */
const plan = (count: number): Record<string, string[]> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const above = i - 8;
      const needs = above < 0 ? [] : [above, Math.max(0, above - (i % 3))].map((n) => `t${n + 1}`);
      return [`t${i + 1}`, [...new Set(needs)]];
    }),
  );

test.each([37, 400])('%i tasks stand in the column of their wave, and no box covers another one', (count) => {
  const { data, layout } = drawn(plan(count));
  expect(layout.tasks).toHaveLength(count);
  for (const { task, column } of layout.tasks) expect(column).toBe(task.wave - 1);
  const columns = Map.groupBy(layout.tasks, ({ column }) => column);
  expect(columns.size).toBe(data.waves.length);
  for (const some of columns.values()) {
    const ys = some.map(({ y }) => y).toSorted((a, b) => a - b);
    for (let i = 1; i < ys.length; i += 1)
      expect(ys[i]! - ys[i - 1]!).toBeGreaterThanOrEqual(MEASURES.height + MEASURES.gapY - 1);
  }
  for (const { x, y } of layout.tasks) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + MEASURES.width).toBeLessThanOrEqual(layout.width);
    expect(y + MEASURES.height).toBeLessThanOrEqual(layout.height);
  }
  expect(layout.lines).toHaveLength(data.edges);
  for (const { box } of layout.lines) expect(box.right - box.left).toBeGreaterThanOrEqual(MEASURES.gapX);
});

test('the lines of the longest chain are marked, and no others', () => {
  const { layout } = drawn({ a: [], b: ['a'], c: ['b'], d: ['a'] });
  expect(layout.lines.filter(({ isCritical }) => isCritical).map(({ title }) => title)).toEqual([
    'b waits for a: by hand',
    'c waits for b: by hand',
  ]);
  expect(layout.lines).toHaveLength(3);
});

test('a chain is a straight line, whatever stands beside it', () => {
  const scene = drawn({ a: [], b: [], c: [], b2: ['b'], b3: ['b2'] });
  expect([placeOf(scene, 'b2').y, placeOf(scene, 'b3').y]).toEqual([placeOf(scene, 'b').y, placeOf(scene, 'b').y]);
});

test('where many wait for many the lines meet in a point', () => {
  const first = ['a', 'b', 'c', 'd'];
  const needs = Object.fromEntries([...first.map((id) => [id, []]), ...['x', 'y', 'z'].map((id) => [id, first])]);
  const { layout } = drawn(needs as Record<string, string[]>);
  expect(layout.knots).toEqual([expect.objectContaining({ title: '3 wait for 4: by hand' })]);
  expect(layout.lines).toHaveLength(7);
  const from = layout.lines.find(({ own }) => own === 'a')!;
  expect([...from.others]).toEqual(['x', 'y', 'z']);
  expect(layout.lines.filter(({ isCritical }) => isCritical).map(({ own }) => own)).toEqual(['a', 'x']);
});

test('by the arrows one goes to the task that stands nearest there', () => {
  const { layout } = drawn({ a: [], b: [], c: ['a'], d: ['b'] });
  expect(neighbourOf(layout, 'a', 'right')).toBe('c');
  expect(neighbourOf(layout, 'd', 'left')).toBe('b');
  expect(neighbourOf(layout, 'a', 'down')).toBe('b');
  expect(neighbourOf(layout, 'b', 'up')).toBe('a');
  for (const to of ['left', 'up'] as const) expect(neighbourOf(layout, 'a', to)).toBe('a');
  expect(neighbourOf(layout, 'nobody', 'up')).toBe('nobody');
});

test('what reaches into the part that is seen is drawn', () => {
  const view = { left: 100, top: 100, right: 200, bottom: 200 };
  expect(inView({ left: 0, top: 0, right: 300, bottom: 300 }, view)).toBe(true);
  expect(inView({ left: 150, top: 0, right: 160, bottom: 99 }, view)).toBe(false);
  expect(inView({ left: 201, top: 150, right: 300, bottom: 160 }, view)).toBe(false);
});

test('a plan of nothing is an empty drawing', () => {
  const { layout } = drawn({});
  expect([layout.tasks, layout.lines, layout.width]).toEqual([[], [], MEASURES.width + 24]);
});
