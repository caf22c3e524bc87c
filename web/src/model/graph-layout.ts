import { type Bundle, bundlesOf, isKnot } from '../../../src/text/graph/bundles.ts';
import { type GraphData, type GraphTask, ruleText } from '../../../src/text/graph/graph-data.ts';

/** The measures of a drawing, in pixels. */
export type Measures = {
  readonly width: number;
  readonly height: number;
  readonly gapX: number;
  readonly gapY: number;
};

/** A task in the drawing; `column` is its wave, counted from 0. */
export type PlacedTask = { readonly task: GraphTask; readonly x: number; readonly y: number; readonly column: number };

type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** A line of the drawing. It belongs to the task where it begins or ends, and to those with which it connects that one. */
type PlacedLine = {
  readonly key: string;
  readonly path: string;
  readonly title: string;
  readonly isCritical: boolean;
  readonly own: string;
  readonly others: ReadonlySet<string>;
  readonly box: Box;
};

export type GraphLayout = {
  readonly width: number;
  readonly height: number;
  readonly tasks: readonly PlacedTask[];
  readonly lines: readonly PlacedLine[];
  /** Where lines meet that many tasks have in common. */
  readonly knots: readonly { readonly key: string; readonly x: number; readonly y: number; readonly title: string }[];
};

type Drawn = Pick<GraphData, 'tasks' | 'gates' | 'waves' | 'critical_path'>;

const MARGIN = 12;

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

type Heights = ReadonlyMap<string, number>;

/** Puts the tasks of a column as near as can be to the tasks that they belong to, in that order and apart from each other. */
const settled = (column: readonly string[], wanted: (id: string) => number | null, before: Heights): Heights => {
  const goals = column.map((id) => ({ id, goal: wanted(id) ?? before.get(id)! }));
  let next = Number.NEGATIVE_INFINITY;
  const placed = goals
    .toSorted((a, b) => a.goal - b.goal)
    .map(({ id, goal }) => {
      const y = Math.max(goal, next);
      next = y + 1;
      return { id, y, off: y - goal };
    });
  const shift = mean(placed.map(({ off }) => off));
  return new Map(placed.map(({ id, y }) => [id, y - shift]));
};

/** In which row each task stands, in heights of a row: first by what it waits for, then by what waits for it, and so on. */
const rowsOf = ({ waves, tasks, gates }: Drawn): Heights => {
  const needs = new Map(tasks.map(({ id, needs: all }) => [id, all.flatMap((one) => gates[one.id] ?? [one.id])]));
  const dependants = Map.groupBy(
    [...needs].flatMap(([id, all]) => all.map((need) => ({ id, need }))),
    ({ need }) => need,
  );
  const rows = new Map<string, number>(waves.flatMap((wave) => wave.map((id, row) => [id, row] as const)));
  const at = (ids: readonly string[]): number | null => {
    const known = ids.flatMap((id) => rows.get(id) ?? []);
    return known.length === 0 ? null : mean(known);
  };
  const before = (id: string): number | null => at(needs.get(id)!);
  const after = (id: string): number | null => at((dependants.get(id) ?? []).map((one) => one.id));
  const settle = (columns: readonly (readonly string[])[], wanted: typeof before): void => {
    for (const column of columns) for (const [id, row] of settled(column, wanted, rows)) rows.set(id, row);
  };
  settle(waves, before);
  settle(waves.toReversed(), after);
  settle(waves, before);
  const least = Math.min(0, ...rows.values());
  return new Map([...rows].map(([id, row]) => [id, row - least]));
};

type Point = { readonly x: number; readonly y: number };

const curve = (from: Point, to: Point): Pick<PlacedLine, 'path' | 'box'> => {
  const bend = Math.max(16, (to.x - from.x) / 2);
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  return {
    path: `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`,
    box: { left, top, right, bottom },
  };
};

type Scene = {
  readonly places: ReadonlyMap<string, PlacedTask>;
  readonly measures: Measures;
  /** Neighbours on the longest chain. */
  readonly chain: readonly (readonly [string, string])[];
};

const endOf = ({ places, measures }: Scene, id: string, side: 'left' | 'right'): Point => {
  const { x, y } = places.get(id)!;
  return { x: side === 'left' ? x : x + measures.width, y: y + measures.height / 2 };
};

const drawPairs = (scene: Scene, { from, to, rule }: Bundle): readonly PlacedLine[] =>
  to.flatMap((after) =>
    from.map((before) => ({
      ...curve(endOf(scene, before, 'right'), endOf(scene, after, 'left')),
      key: JSON.stringify([before, after]),
      title: `${after} waits for ${before}: ${ruleText(rule)}`,
      isCritical: scene.chain.some(([one, other]) => one === before && other === after),
      own: after,
      others: new Set([before]),
    })),
  );

/** Lines that many tasks have in common meet in a point before those that wait. */
const drawKnot = (scene: Scene, { from, to, rule }: Bundle, key: string) => {
  const ends = to.map((id) => endOf(scene, id, 'left'));
  const x = Math.min(...ends.map((end) => end.x)) - scene.measures.gapX / 2;
  const title = `${to.length} wait for ${from.length}: ${ruleText(rule)}`;
  const knot = { key, x, y: mean(ends.map(({ y }) => y)), title };
  const [before, after] = [new Set(from), new Set(to)];
  const chained = new Set(scene.chain.filter(([one, other]) => before.has(one) && after.has(other)).flat());
  const line = (id: string, others: ReadonlySet<string>, between: readonly [Point, Point]): PlacedLine => ({
    ...curve(...between),
    ...{ key: `${key} ${id}`, title, isCritical: chained.has(id), own: id, others },
  });
  return {
    knot,
    lines: [
      ...from.map((id) => line(id, after, [endOf(scene, id, 'right'), knot])),
      ...to.map((id) => line(id, before, [knot, endOf(scene, id, 'left')])),
    ],
  };
};

/** Lays the graph out: a column for each wave, rows so that what belongs together stands near each other. */
export const layGraphOut = (data: Drawn, measures: Measures): GraphLayout => {
  const { waves, critical_path: path } = data;
  const rows = rowsOf(data);
  const columns = new Map(waves.flatMap((wave, column) => wave.map((id) => [id, column] as const)));
  const tasks = data.tasks.map((task): PlacedTask => {
    const column = columns.get(task.id)!;
    const x = MARGIN + column * (measures.width + measures.gapX);
    return { task, column, x, y: Math.round(MARGIN + rows.get(task.id)! * (measures.height + measures.gapY)) };
  });
  const scene: Scene = {
    places: new Map(tasks.map((placed) => [placed.task.id, placed])),
    measures,
    chain: path.slice(1).map((id, at) => [path[at]!, id] as const),
  };
  const bundles = bundlesOf(data);
  const knots = bundles.filter(isKnot).map((bundle, at) => drawKnot(scene, bundle, `k${at}`));
  return {
    width: MARGIN * 2 + Math.max(1, waves.length) * (measures.width + measures.gapX) - measures.gapX,
    height: MARGIN * 2 + measures.height + Math.max(0, ...tasks.map(({ y }) => y - MARGIN)),
    tasks,
    lines: [
      ...bundles.filter((one) => !isKnot(one)).flatMap((one) => drawPairs(scene, one)),
      ...knots.flatMap(({ lines }) => lines),
    ],
    knots: knots.map(({ knot }) => knot),
  };
};

/** What lies in a part of the drawing, or reaches into it. */
export const inView = ({ left, top, right, bottom }: Box, view: Box): boolean =>
  left <= view.right && right >= view.left && top <= view.bottom && bottom >= view.top;

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The task that stands next to another one in a direction; itself where there is none. */
export const neighbourOf = ({ tasks }: GraphLayout, id: string, to: Direction): string => {
  const here = tasks.find(({ task }) => task.id === id);
  if (!here) return id;
  const step = { left: -1, right: 1, up: 0, down: 0 }[to];
  const isThere = ({ column, y }: PlacedTask): boolean =>
    column === here.column + step && (step !== 0 || (to === 'up' ? y < here.y : y > here.y));
  const [next] = tasks.filter(isThere).toSorted((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y));
  return next?.task.id ?? id;
};
