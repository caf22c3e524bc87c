import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import { allKnownFrom } from '../../state/asides.ts';
import type { State } from '../../state/index.ts';
import { extentOf, type Lane, lanesOf, SPAN_SIGNS, type Span, type Stretch, timelineOf } from '../../text/timeline.ts';
import { nameStyle } from '../model/instance-style.ts';
import type { Style } from '../widgets/paint.ts';
import { fitText, type Piece, widthOf } from '../widgets/pieces.ts';
import type { TabBody, TabContext, TabLine } from './tab.ts';
import type { TabState } from './tab-state.ts';

/** Cells of a name before its lane. */
const NAME = 16;

const STYLES = {
  work: { color: 'green' },
  failed: { color: 'red' },
  waiting: { color: 'yellow', bold: true },
  merging: { color: 'cyan' },
} as const satisfies Record<Span['kind'], Style>;

const stretchPiece = ({ kind, critical, cells }: Stretch): Piece => {
  if (kind === null) return { text: '·'.repeat(cells), dim: true };
  // Work that nobody waited for is drawn lighter.
  const sign = kind === 'work' && !critical ? '▒' : SPAN_SIGNS[kind];
  return { ...STYLES[kind], text: sign.repeat(cells) };
};

const laneLine = ({ who, stretches }: Lane, { instances }: State): TabLine => {
  const instance = instances[who];
  const name: Piece = { ...(instance ? nameStyle(instance) : {}), text: fitText(who, NAME - 3), bold: true };
  const rest = [{ text: ' '.repeat(NAME - 2 - widthOf([name])) }, ...stretches.map(stretchPiece)];
  return {
    id: `lane ${who}`,
    about: null,
    shows: instance ? `show instance ${saidId(who)}` : 'list integrations',
    text: who,
    pieces: [{ text: '  ' }, name, ...rest],
    // Its time keeps its colours.
    chosen: [{ ...name, text: '▶ ' }, { ...name, inverse: true }, ...rest],
  };
};

const spanLine = (span: Span, { state }: TabContext): TabLine => {
  const { kind, who, task, text, from, to, ms, critical } = span;
  const instance = state.instances[who];
  const isLast = task !== null && state.tasks[task]?.run?.started_at === from;
  const shows = kind === 'merging' ? `show integration ${saidId(who)}` : `show instance ${saidId(who)}`;
  return {
    // The last work on a task is what the other ways to show the tasks have of it.
    ...(isLast ? { id: task } : { id: `${from} ${who} ${kind} ${task ?? text}`, about: task, shows }),
    pieces: [
      { text: ` ${new Date(from).toTimeString().slice(0, 8)} `, dim: true },
      { text: critical ? '★ ' : '  ', color: 'yellow' },
      { ...STYLES[kind], text: `${SPAN_SIGNS[kind]} ` },
      { ...(instance ? nameStyle(instance) : {}), text: `${who} `.padEnd(NAME - 2) },
      { text: task === null ? '' : `${task} `, bold: true },
      { text: shownLine(text) },
    ],
    right: [{ text: `${formatDuration(ms)}${to === null ? ' …' : ''} `, dim: to !== null }],
  };
};

/** How much less of the time is shown in a closer look, and the least that is, in milliseconds. */
const CLOSER = 8;
const LEAST_MS = 10_000;

type Extent = ReturnType<typeof extentOf>;

/** The time that the lanes show: all of it, or in a closer look the latest part, or the one that it was scrolled to. */
const shownExtent = ([first, last]: Extent, { isUnfolded, from }: TabState): Extent => {
  const length = Math.max((last - first) / CLOSER, LEAST_MS);
  if (!isUnfolded || length >= last - first) return [first, last];
  const begin = Math.max(first, Math.min(from ?? last, last - length));
  return [begin, begin + length];
};

/** The timeline with the lanes half of their time earlier or later; undefined where they show all of it. */
export const scrollTimeline = ({ state, now, own }: TabContext, by: -1 | 1): TabState | undefined => {
  const all = extentOf(timelineOf(state, now), now);
  const [begin, end] = shownExtent(all, own);
  if (end - begin >= all[1] - all[0]) return undefined;
  const from = begin + (by * (end - begin)) / 2;
  return { ...own, from: from + (end - begin) >= all[1] ? null : Math.max(all[0], from) };
};

const clock = (time: number): string => new Date(time).toTimeString().slice(0, 8);

/** Before which moment nobody knows any more who waited or was down, where that is in what is shown. */
const cutText = ({ instances }: State, [first]: Extent): string => {
  const from = allKnownFrom(instances);
  return from !== null && Date.parse(from) > first ? `, waits known from ${clock(Date.parse(from))}` : '';
};

const scaleOf = ([first, last]: Extent, all: Extent): string => {
  const part = last - first < all[1] - all[0] ? ` of ${formatDuration(all[1] - all[0])}, ← → scroll` : '';
  return `${clock(first)} to ${clock(last)}, ${formatDuration(last - first)}${part}`;
};

/** What the signs mean; without it the lanes say nothing. */
const SIGNS = ['█ ★ what all waited for', '▒ other work', '? waiting', '✖ failed', '⇄ merging'] as const;
const LEGEND = SIGNS.join('  ');
/** Cells of a title beside what is said: which lines are shown, and blanks. */
const COUNT = 24;

const legendLines = (width: number): readonly TabLine[] => {
  const lines: string[] = [];
  for (const sign of SIGNS) {
    const longer = `${lines.at(-1) ?? ''}  ${sign}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(` ${sign}`);
  }
  return lines.map((text) => ({ pieces: [{ text, dim: true }] }));
};

/** Who did what when: a lane for each agent and one for merges on one scale of time, and below them each piece. */
export const taskTimeline = (context: TabContext): TabBody => {
  const { state, now, own, size } = context;
  const spans = timelineOf(state, now);
  const title: Piece[] = [{ text: 'timeline', bold: true }];
  if (spans.length === 0) return { columns: [{ title, lines: [], weight: 1, empty: 'Nothing has been done yet.' }] };
  const all = extentOf(spans, now);
  const shown = shownExtent(all, own);
  const lanes = lanesOf(spans, Math.max(10, size.width - NAME - 1), now, shown);
  const head: readonly Piece[] = [...title, { text: `   ${scaleOf(shown, all)}${cutText(state, shown)}` }];
  const isBeside = widthOf(head) + LEGEND.length + COUNT <= size.width;
  return {
    columns: [
      {
        title: isBeside ? [...head, { text: `   ${LEGEND}`, dim: true }] : head,
        lines: [
          ...(isBeside ? [] : legendLines(size.width)),
          ...lanes.map((lane) => laneLine(lane, state)),
          { pieces: [] },
          ...spans.map((one) => spanLine(one, context)),
        ],
        weight: 1,
      },
    ],
  };
};
