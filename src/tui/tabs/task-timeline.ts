import { formatDuration } from '../../lib/duration.ts';
import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { extentOf, type Lane, lanesOf, SPAN_SIGNS, type Span, type Stretch, timelineOf } from '../../text/timeline.ts';
import { nameStyle } from '../model/instance-style.ts';
import type { Style } from '../widgets/paint.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { TabBody, TabContext, TabLine } from './tab.ts';

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
  return {
    heading: true,
    pieces: [
      { ...(instance ? nameStyle(instance) : {}), text: ` ${who} `.padEnd(NAME).slice(0, NAME), bold: true },
      ...stretches.map(stretchPiece),
    ],
  };
};

const spanLine = (span: Span, { state }: TabContext): TabLine => {
  const { kind, who, task, text, from, to, ms, critical } = span;
  const instance = state.instances[who];
  const isLast = task !== null && state.tasks[task]?.run?.started_at === from;
  return {
    ...(isLast ? { id: task } : {}),
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

const scaleOf = (spans: readonly Span[], now: number): string => {
  const [first, last] = extentOf(spans, now);
  const clock = (time: number): string => new Date(time).toTimeString().slice(0, 8);
  return `${clock(first)} to ${clock(last)}, ${formatDuration(last - first)}`;
};

/** Who did what when: a lane for each agent and one for merges on one scale of time, and below them each piece. */
export const taskTimeline = (context: TabContext): TabBody => {
  const { state, now, size } = context;
  const spans = timelineOf(state, now);
  const title: Piece[] = [{ text: 'timeline', bold: true }];
  if (spans.length === 0) return { columns: [{ title, lines: [], weight: 1, empty: 'Nothing has been done yet.' }] };
  const lanes = lanesOf(spans, Math.max(10, size.width - NAME - 1), now);
  const legend: Piece = { text: '   █ ★ what all waited for  ▒ other work  ? waiting  ✖ failed  ⇄ merging', dim: true };
  return {
    columns: [
      {
        title: [...title, { text: `   ${scaleOf(spans, now)}` }, legend],
        lines: [
          ...lanes.map((lane) => laneLine(lane, state)),
          { pieces: [] },
          ...spans.map((one) => spanLine(one, context)),
        ],
        weight: 1,
      },
    ],
  };
};
