import { shownLine } from '../../lib/text.ts';
import { clip, paint } from '../table.ts';
import { plural } from '../wording.ts';
import { type Wait, waitsOf } from './bundles.ts';
import { CRITICAL_MARK, type GraphData, type GraphTask, NODE_MARKS, type NodeState, ruleText } from './graph-data.ts';

/** Lines of tasks that are drawn when not the whole graph is asked for. */
const MOST_TASKS = 60;
/** Waves of which something is drawn, at the beginning and at the end. */
const FIRST_WAVES = 20;
const LAST_WAVES = 4;
/** Ids that are named one by one. */
const MOST_IDS = 5;

type View = { readonly columns: number; readonly color: boolean };

/** How much somebody has to know of a task: what presses most comes first. */
const RANKS: readonly NodeState[] = ['failed', 'blocked', 'running', 'verifying', 'assigned', 'ready', 'waiting'];
const rankOf = ({ state, critical }: GraphTask): number => {
  const rank = RANKS.indexOf(state);
  return (rank < 0 ? RANKS.length : rank) - (critical ? RANKS.length : 0);
};

const listOf = (all: readonly string[]): string => {
  const ids = all.map(shownLine);
  return ids.length <= MOST_IDS
    ? ids.join(' ')
    : `${ids.slice(0, MOST_IDS - 1).join(' ')} … ${ids.at(-1)}, ${ids.length} in all`;
};

/** Tasks by their ids, or as a wave where they are the whole of one. */
const namesOf = (ids: readonly string[], { waves, waveOf }: Scene): string => {
  const wave = waveOf.get(ids[0] ?? '');
  const isWhole =
    wave !== undefined &&
    ids.length > 2 &&
    waves[wave - 1]!.length === ids.length &&
    ids.every((id) => waveOf.get(id) === wave);
  if (isWhole) return `wave ${wave}`;
  // The rule behind them has to fit into the line as well.
  return ids.length <= MOST_IDS
    ? listOf(ids)
    : `${listOf(ids.slice(0, 1))} … ${listOf(ids.slice(-1))}, ${ids.length} in all`;
};

type Scene = Pick<GraphData, 'waves' | 'gates'> & { readonly waveOf: ReadonlyMap<string, number> };

const waitText = ({ rule, ids }: Wait, scene: Scene): string => `${namesOf(ids, scene)} (${ruleText(rule)})`;

const keyOf = ({ key }: Wait): string => key;

/** What all tasks of a wave wait for: said once. */
const commonOf = (wave: readonly GraphTask[], { gates }: Scene): readonly Wait[] => {
  const [first, ...others] = wave;
  if (!first || others.length === 0) return [];
  const keys = others.map((task) => new Set(waitsOf(task, gates).map(keyOf)));
  return waitsOf(first, gates).filter((wait) => keys.every((known) => known.has(keyOf(wait))));
};

type Line = {
  readonly gutter: string;
  readonly task: GraphTask;
  readonly waits: readonly Wait[];
  readonly width: number;
};

/** Whole prerequisites with their rules, as many as there is room for; the others are counted. */
const needsText = (texts: readonly string[], room: number): string => {
  if (texts.length === 0) return '';
  for (let count = texts.length; count > 1; count -= 1) {
    const rest = count === texts.length ? '' : `, +${texts.length - count}`;
    const text = `← ${texts.slice(0, count).join(', ')}${rest}`;
    if (text.length <= room) return text;
  }
  const rest = texts.length === 1 ? '' : `, +${texts.length - 1}`;
  return `${clip(`← ${texts[0]}`, room - rest.length)}${rest}`;
};

const drawTask = ({ gutter, task, waits, width }: Line, scene: Scene, { columns, color }: View): string => {
  const { glyph, tone } = NODE_MARKS[task.state];
  const mark = task.critical ? CRITICAL_MARK : ' ';
  const head = `${gutter}${mark}${glyph} ${shownLine(task.id).padEnd(width)} `;
  const room = Math.max(10, columns - head.length);
  const needs = needsText(
    waits.map((wait) => waitText(wait, scene)),
    Math.floor(room * 0.55),
  );
  const title = clip(shownLine(task.title), Math.max(8, room - (needs === '' ? 0 : needs.length + 2)));
  const critical = color && task.critical ? paint(mark, { hex: '#e0a000' }, true) : mark;
  const shown = `${gutter}${critical}${paint(glyph, tone, color)} ${shownLine(task.id).padEnd(width)} ${title}`;
  return needs === '' ? shown : `${shown}  ${paint(needs, 'dim', color)}`;
};

const statesText = (tasks: readonly GraphTask[]): string =>
  [...Map.groupBy(tasks, ({ state }) => state)].map(([state, found]) => `${found.length} ${state}`).join(', ');

/** One wave: its tasks with a gutter, then what all of them wait for, then what is folded. */
const drawWave = (
  wave: readonly GraphTask[],
  most: number,
  { scene, view, width }: { scene: Scene; view: View; width: number },
): string[] => {
  const number = String(wave[0]!.wave);
  const blank = ' '.repeat(Math.max(4, number.length + 1));
  const gutter = (at: number, last: boolean): string => {
    const branch = at === 0 ? (last ? '─' : '┬') : last ? '└' : '├';
    return `${at === 0 ? number.padStart(blank.length - 1) : blank.slice(1)} ${branch} `;
  };
  const kept = new Set(wave.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, most));
  const shown = wave.filter((task) => kept.has(task));
  const folded = wave.filter((task) => !kept.has(task));
  const common = commonOf(wave, scene);
  const said = new Set(common.map(keyOf));
  const lines = shown.map((task, at) => {
    const last = at === shown.length - 1 && folded.length === 0 && common.length === 0;
    const waits = waitsOf(task, scene.gates).filter((wait) => !said.has(keyOf(wait)));
    return drawTask({ gutter: gutter(at, last), task, waits, width }, scene, view);
  });
  const below = (text: string, last: boolean): string =>
    paint(clip(`${gutter(1, last)} ${text}`, view.columns), 'dim', view.color);
  return [
    ...lines,
    ...(folded.length > 0
      ? [
          below(
            `${folded.length} more: ${statesText(folded)} (${listOf(folded.map(({ id }) => id))})`,
            common.length === 0,
          ),
        ]
      : []),
    ...(common.length > 0 ? [below(`each ← ${common.map((wait) => waitText(wait, scene)).join(', ')}`, true)] : []),
  ];
};

const legendOf = (tasks: readonly GraphTask[]): string =>
  [
    ...new Set(tasks.map(({ state }) => `${NODE_MARKS[state].glyph} ${state}`)),
    ...(tasks.some(({ critical }) => critical) ? [`${CRITICAL_MARK} longest chain`] : []),
    '← waits for (rule)',
  ].join('   ');

/** The words of a sentence in lines of a width. */
const inLines = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') lines.push(line);
    line = longer.length > width ? word : longer;
  }
  return [...lines, line];
};

/** The waves that are drawn; null stands for those between the first and the last ones. */
const wavesShown = (data: GraphData): readonly (number | null)[] => {
  const all = data.waves.map((_wave, at) => at);
  if (data.whole || all.length <= FIRST_WAVES + LAST_WAVES + 1) return all;
  return [...all.slice(0, FIRST_WAVES), null, ...all.slice(-LAST_WAVES)];
};

/** The graph for a terminal: wave after wave, and what there is no room for in a line that says so. */
export const drawGraph = (data: GraphData, view: View, sentence: string): string => {
  if (data.tasks.length === 0) return sentence;
  const byId = new Map(data.tasks.map((task) => [task.id, task]));
  const scene = { waves: data.waves, gates: data.gates, waveOf: new Map(data.tasks.map(({ id, wave }) => [id, wave])) };
  const width = Math.min(
    16,
    data.tasks.reduce((most, { id }) => Math.max(most, id.length), 0),
  );
  const shown = wavesShown(data);
  const isAll = data.whole || data.tasks.length <= MOST_TASKS;
  const most = isAll ? data.tasks.length : Math.max(2, Math.floor(MOST_TASKS / shown.length));
  const lines = shown.flatMap((at) => {
    if (at !== null)
      return drawWave(
        data.waves[at]!.map((id) => byId.get(id)!),
        most,
        { scene, view, width },
      );
    const hidden = data.waves.slice(FIRST_WAVES, -LAST_WAVES);
    const tasks = hidden.flat().map((id) => byId.get(id)!);
    return [`     ⋮ ${plural(hidden.length, 'wave')} with ${plural(tasks.length, 'task')}: ${statesText(tasks)}`];
  });
  const isFolded = !isAll || shown.includes(null);
  return [
    ...inLines(sentence, view.columns),
    paint(clip(legendOf(data.tasks), view.columns), 'dim', view.color),
    '',
    ...lines,
    ...(isFolded ? ['', 'Not every task is drawn: say it with "detailed" for all of them, or take --format svg.'] : []),
  ].join('\n');
};
