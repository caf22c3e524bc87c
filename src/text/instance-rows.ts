import { oneLine, shorten } from '../lib/text.ts';
import { type Instance, LOCAL_HOST } from '../state/instances.ts';
import type { Cell, Detail, Table, Tone } from './table.ts';
import { resourceText } from './resource-text.ts';

/** Glyph and tone of each state of an instance: never colour alone. */
/** The one mark of a state, wherever it is shown. */
export const INSTANCE_GLYPHS = {
  creating: '◌',
  starting: '◔',
  idle: '○',
  working: '●',
  waiting: '?',
  verifying: '◑',
  paused: '‖',
  stuck: '✖',
  limited: '⧖',
  stopping: '◍',
  stopped: '·',
  failed: '✖',
  lost: '✖',
  unknown: '~',
} as const satisfies Readonly<Record<Instance['state']['kind'], string>>;

export const INSTANCE_LOOK: Readonly<Record<Instance['state']['kind'], { glyph: string; tone: Tone }>> = {
  creating: { glyph: INSTANCE_GLYPHS.creating, tone: 'dim' },
  starting: { glyph: INSTANCE_GLYPHS.starting, tone: 'dim' },
  idle: { glyph: INSTANCE_GLYPHS.idle, tone: 'good' },
  working: { glyph: INSTANCE_GLYPHS.working, tone: 'busy' },
  waiting: { glyph: INSTANCE_GLYPHS.waiting, tone: 'bad' },
  verifying: { glyph: INSTANCE_GLYPHS.verifying, tone: 'busy' },
  paused: { glyph: INSTANCE_GLYPHS.paused, tone: 'dim' },
  stuck: { glyph: INSTANCE_GLYPHS.stuck, tone: 'bad' },
  limited: { glyph: INSTANCE_GLYPHS.limited, tone: 'bad' },
  stopping: { glyph: INSTANCE_GLYPHS.stopping, tone: 'dim' },
  stopped: { glyph: INSTANCE_GLYPHS.stopped, tone: 'dim' },
  failed: { glyph: INSTANCE_GLYPHS.failed, tone: 'bad' },
  lost: { glyph: INSTANCE_GLYPHS.lost, tone: 'bad' },
  unknown: { glyph: INSTANCE_GLYPHS.unknown, tone: 'dim' },
};

/** What says in which sandbox an agent is, where there is little room. */
export type SandboxMark = { readonly glyph: string; readonly word: string; readonly isMissing: boolean };

/** Null for an agent that has none and was to have none: that is told where there is room for all of it. */
export const sandboxMark = ({ sandbox }: Pick<Instance, 'sandbox'>): SandboxMark | null => {
  if (sandbox === undefined) return null;
  return sandbox === 'missing'
    ? { glyph: '▢', word: 'no sandbox', isMissing: true }
    : { glyph: '▣', word: sandbox, isMissing: false };
};

const coloredId = (instance: Instance): Cell => ({
  text: instance.instance_id,
  tone: { hex: instance.peacock_theme.primary_color },
});

/** The cell of the group's column, which is there only when an instance belongs to a group. */
const groupCells = (instances: readonly Instance[], text: string): Cell[] =>
  instances.some((one) => one.group !== null) ? [{ text }] : [];

/** The same for the sandboxes. */
const sandboxCells = (instances: readonly Instance[], text: string): Cell[] =>
  instances.some((one) => one.sandbox !== undefined) ? [{ text }] : [];

/** What a row says behind the state: that it was read from a screen, or why nobody knows it. */
const remark = ({ kind, source, evidence }: Instance['state']): string => {
  if (kind === 'unknown' && source === 'drover' && evidence) return ` (${shorten(oneLine(evidence), 48)})`;
  return source === 'screen' ? ' (guess)' : '';
};

const detailsOf = (one: Instance): readonly Detail[] => [
  ['agent', one.agent],
  ['host', one.host === LOCAL_HOST ? '' : one.host],
  ['mode', one.mode ?? ''],
  ['since', `${one.state.since}, by ${one.state.source}`],
  ['evidence', one.state.evidence ?? ''],
  ['resources', resourceText(one)],
  ['branch', one.branch_name],
  ['worktree', one.workspace_path],
  ['session', `${one.session}${one.pid === null ? '' : `, process ${one.pid}`}`],
];

export const instanceTable = (instances: readonly Instance[]): Table => ({
  head: [
    ...['instance', 'state', 'task'],
    ...[...groupCells(instances, 'group'), ...sandboxCells(instances, 'sandbox')].map((cell) => cell.text),
    ...['branch', 'color', 'session'],
  ],
  rows: instances.map((one) => [
    coloredId(one),
    {
      text: `${INSTANCE_LOOK[one.state.kind].glyph} ${one.state.kind}${remark(one.state)}`,
      tone: INSTANCE_LOOK[one.state.kind].tone,
    },
    { text: one.task_assignments.join(' ') || '-' },
    ...groupCells(instances, one.group ?? '-'),
    ...sandboxCells(instances, one.sandbox ?? 'off'),
    { text: one.branch_name },
    { text: one.peacock_theme.color_name, tone: { hex: one.peacock_theme.primary_color } },
    { text: one.session, tone: 'dim' },
  ]),
  least: ['color', 'session', 'branch', 'task'],
  details: instances.map(detailsOf),
  empty: 'No instance.',
  next: [['Start some', 'launch 3 instances']],
});
