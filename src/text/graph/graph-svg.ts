import { shownLine } from '../../lib/text.ts';
import { clip } from '../table.ts';
import { type Bundle, bundlesOf, isKnot } from './bundles.ts';
import { CRITICAL_MARK, type GraphData, type GraphTask, NODE_MARKS, type NodeState, ruleText } from './graph-data.ts';

/** Units of the drawing. */
const BOX = { width: 230, height: 34, gapX: 110, gapY: 12 } as const;
const TOP = 70;
const LEFT = 20;
/** Columns of text that a box has room for. */
const LETTERS = 32;

const INK = '#333333';
const CHAIN = '#c05000';

/** Text of a plan in XML: without what no XML may hold, and with every sign that means something there by its entity. */
const xml = (text: string): string =>
  shownLine(text)
    .toWellFormed()
    .replace(/[\uFFFE\uFFFF]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

type Place = { readonly x: number; readonly y: number };

/** The left upper corner of each box: a column for each wave. */
const placesOf = ({ waves }: GraphData): ReadonlyMap<string, Place> =>
  new Map(
    waves.flatMap((wave, column) =>
      wave.map((id, row): [string, Place] => [
        id,
        { x: LEFT + column * (BOX.width + BOX.gapX), y: TOP + row * (BOX.height + BOX.gapY) },
      ]),
    ),
  );

const rightOf = ({ x, y }: Place): Place => ({ x: x + BOX.width, y: y + BOX.height / 2 });
const leftOf = ({ x, y }: Place): Place => ({ x, y: y + BOX.height / 2 });

type Curve = { readonly from: Place; readonly to: Place; readonly title: string; readonly critical?: boolean };

const curve = ({ from, to, title, critical = false }: Curve): string => {
  const bend = Math.max(20, (to.x - from.x) / 2);
  const stroke = critical ? `stroke="${CHAIN}" stroke-width="2.5"` : `stroke="${INK}" stroke-opacity="0.45"`;
  const path = `M${from.x} ${from.y} C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
  return `<path fill="none" ${stroke} d="${path}"><title>${xml(title)}</title></path>`;
};

const word = (at: Place, text: string, more = ''): string =>
  `<text x="${at.x}" y="${at.y}"${more === '' ? '' : ` ${more}`}>${xml(text)}</text>`;

/** The rule beside the arrow that it belongs to. */
const ruleAt = (to: Place, rule: string | null): string =>
  word({ x: to.x - 6, y: to.y - 4 }, ruleText(rule), `font-size="9" text-anchor="end" fill="${INK}"`);

type Scene = { readonly places: ReadonlyMap<string, Place>; readonly chain: ReadonlySet<string> };

const drawPairs = ({ places, chain }: Scene, { from, to, rule }: Bundle): string[] =>
  to.flatMap((after) => [
    ...from.map((before) =>
      curve({
        from: rightOf(places.get(before)!),
        to: leftOf(places.get(after)!),
        title: `${after} waits for ${before}: ${ruleText(rule)}`,
        critical: chain.has(JSON.stringify([before, after])),
      }),
    ),
    ruleAt(leftOf(places.get(after)!), rule),
  ]);

/** Edges that many tasks have in common meet in a point before those that wait. */
const drawKnot = ({ places }: Scene, { from, to, rule }: Bundle, at: number): string[] => {
  const ends = to.map((id) => leftOf(places.get(id)!));
  const x = ends.reduce((least, end) => Math.min(least, end.x), Number.POSITIVE_INFINITY) - BOX.gapX / 2;
  const knot = { x: x + (at % 5) * 6, y: ends.reduce((sum, end) => sum + end.y, 0) / ends.length };
  const title = `${to.length} wait for ${from.length}: ${ruleText(rule)}`;
  return [
    ...from.map((id) => curve({ from: rightOf(places.get(id)!), to: knot, title })),
    `<circle cx="${knot.x}" cy="${knot.y}" r="4" fill="${INK}"><title>${xml(title)}</title></circle>`,
    ...ends.map((end) => curve({ from: knot, to: end, title })),
    word({ x: knot.x, y: knot.y - 7 }, ruleText(rule), `font-size="9" text-anchor="middle" fill="${INK}"`),
  ];
};

const drawTask = (task: GraphTask, { x, y }: Place): string => {
  const { glyph, fill } = NODE_MARKS[task.state];
  const stroke = task.critical ? `stroke="${CHAIN}" stroke-width="3"` : `stroke="${INK}"`;
  const label = `${task.critical ? `${CRITICAL_MARK} ` : ''}${glyph} ${task.id} ${shownLine(task.title)}`;
  return [
    `<g><title>${xml(`${task.id} ${task.title} (${task.state})`)}</title>`,
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${fill}" ${stroke}/>`,
    word({ x: x + 8, y: y + BOX.height / 2 + 4 }, clip(label, LETTERS)),
    '</g>',
  ].join('');
};

const legendOf = (tasks: readonly GraphTask[]): string => {
  const states = new Set<NodeState>(tasks.map(({ state }) => state));
  return [...[...states].map((state) => `${NODE_MARKS[state].glyph} ${state}`), `${CRITICAL_MARK} longest chain`].join(
    '   ',
  );
};

/** The graph as a drawing that needs nothing beside itself: no script, no link, no font, no style sheet. */
export const svgOf = (data: GraphData): string => {
  const { critical_path: path, waves, tasks } = data;
  const scene = {
    places: placesOf(data),
    chain: new Set(path.slice(1).map((id, at) => JSON.stringify([path[at], id]))),
  };
  const tallest = waves.reduce((most, wave) => Math.max(most, wave.length), 0);
  const width = Math.max(640, LEFT * 2 + waves.length * (BOX.width + BOX.gapX));
  const height = TOP + tallest * (BOX.height + BOX.gapY) + LEFT;
  const edges = bundlesOf(data).flatMap((bundle, at) =>
    isKnot(bundle) ? drawKnot(scene, bundle, at) : drawPairs(scene, bundle),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#111111">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    word({ x: LEFT, y: 24 }, data.name, 'font-size="16"'),
    word({ x: LEFT, y: 42 }, legendOf(tasks), 'font-size="10"'),
    ...waves.map((wave, at) =>
      word({ x: LEFT + at * (BOX.width + BOX.gapX), y: TOP - 8 }, `wave ${at + 1}: ${wave.length}`, 'font-size="10"'),
    ),
    ...edges,
    ...tasks.map((task) => drawTask(task, scene.places.get(task.id)!)),
    '</svg>',
  ].join('\n');
};
