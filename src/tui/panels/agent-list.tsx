import { Box, Text } from 'ink';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import type { Rect } from '../compositor/layers.ts';
import { currentTask } from '../model/instance-list.ts';
import { nameStyle } from '../model/instance-style.ts';
import { ageOf } from '../model/relative-times.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { INSTANCE_MARKS, stateWord } from '../model/state-marks.ts';
import { lastWork } from '../panes/last-work.ts';
import { leftBehind } from '../panes/pane-frame.ts';
import { type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Row = { readonly left: readonly Piece[]; readonly right: readonly Piece[] };
type Props = { readonly rows: readonly Row[]; readonly width: number };

type Listed = Pick<ScreenModel, 'instances' | 'layout' | 'screen' | 'open'>;

/** How many rows stand above the names. */
const TITLE = 1;

/** Which agents there is room for, the selected one among them, and how many rows each has. */
const windowOf = ({ instances, layout, screen }: Listed) => {
  const room = Math.max(0, layout.list.height - TITLE);
  const tall = instances.length * 2 <= room ? 2 : 1;
  const fits = Math.floor(room / tall);
  // One row tells how many more agents there are.
  const count = fits < instances.length ? Math.max(0, fits - 1) : instances.length;
  const at = instances.findIndex(({ instance_id }) => instance_id === screen.panes.selected);
  const from = Math.min(Math.max(0, at - Math.floor(count / 2)), instances.length - count);
  return { tall, from, count };
};

/** Where each name of the list stands on the screen. */
export const agentListBounds = (model: Listed): readonly { readonly id: string; readonly frame: Rect }[] => {
  const { list } = model.layout;
  if (list.width === 0) return [];
  const { tall, from, count } = windowOf(model);
  return model.instances.slice(from, from + count).map(({ instance_id: id }, i) => ({
    id,
    frame: { x: list.x, y: list.y + TITLE + i * tall, width: list.width, height: tall },
  }));
};

const workRow = ({ state }: ScreenModel, instance: Instance): Row => {
  const task = currentTask(instance, state.tasks);
  const text = instance.question ?? (task ? `${task.id} ${task.title}` : null);
  const said = text === null ? lastWork(instance.instance_id, state.tasks) : [{ text: shownLine(text), dim: true }];
  return { left: [{ text: '   ' }, ...said], right: [] };
};

/** The longest of these that leaves room for what is left of it. */
const longestFitting = (variants: readonly (readonly Piece[])[], room: number): readonly Piece[] =>
  variants.find((pieces) => widthOf(pieces) <= room) ?? [];

/** What all names begin with, up to the last `-`; nothing where they share nothing, or are few. */
const sharedStart = (ids: readonly string[]): string => {
  const [first = ''] = ids;
  const start = first.slice(0, first.lastIndexOf('-') + 1);
  return ids.length > 1 && ids.every((id) => id.startsWith(start) && id.length > start.length) ? start : '';
};

/** Names as they stand below each other, so that what comes behind them does as well. */
const listNames = (ids: readonly string[], start: string): ReadonlyMap<string, string> => {
  const widest = Math.max(0, ...ids.map((id) => widthOf([{ text: id }]))) - start.length;
  return new Map(ids.map((id) => [id, id.slice(start.length).padEnd(widest)]));
};

/** What an agent is at, in as few words as there are: its question, else its task and how far that is. */
const shortWork = ({ state }: ScreenModel, instance: Instance): Piece | null => {
  if (instance.question !== null) return { text: shownLine(instance.question), color: 'yellow' };
  const task = currentTask(instance, state.tasks);
  if (!task) return null;
  const far = task.run ? ` ${Math.round(task.run.progress)}%` : '';
  return { text: `${task.id}${far} ${shownLine(task.title)}`, dim: true };
};

type Naming = { readonly start: string; readonly names: ReadonlyMap<string, string>; readonly tall: number };

/** How the agents are called in the list: where each has one line only, without what all names begin with. */
const namingOf = ({ instances }: Listed, tall: number): Naming => {
  const ids = instances.map(({ instance_id: id }) => id);
  const start = tall > 1 ? '' : sharedStart(ids);
  return { start, names: listNames(ids, start), tall };
};

/** The state’s glyph always stands: its word and age, or what the agent is at, as far as there is room. */
const rowOf = (model: ScreenModel, instance: Instance, { names, tall }: Naming): Row => {
  const { screen, now, layout } = model;
  const { instance_id: id } = instance;
  const mark = INSTANCE_MARKS[instance.state.kind];
  const selected = id === screen.panes.selected;
  const style = nameStyle(instance);
  const name = names.get(id) ?? id;
  const left = [
    { ...style, text: selected ? ' ▶ ' : ' ■ ' },
    { ...style, text: name.trimEnd(), bold: true, inverse: selected },
    { ...mark.style, text: `${' '.repeat(name.length - name.trimEnd().length)} ${mark.glyph}` },
  ];
  const word: Piece = leftBehind(model, instance)?.short ?? { ...mark.style, text: stateWord(instance.state) };
  const age = { text: ` ${ageOf(instance.state.since, now).padStart(3)} `, dim: true };
  const work = tall > 1 ? null : shortWork(model, instance);
  if (work) return { left: [...left, { text: ' ' }, work], right: [age] };
  const room = layout.list.width - widthOf(left) - 1;
  return { left, right: longestFitting([[word, age], [word, { text: ' ' }], [age]], room) };
};

/** All agents with their states, beside the one whose pane is large. */
export const agentListPanel: Panel<Props> = {
  id: 'agent-list',
  z: 2,
  rect: ({ layout, open }) => (open ? null : shownRect(layout.list)),
  select: (model, { width }) => {
    const { tall, from, count } = windowOf(model);
    const listed = model.instances.slice(from, from + count);
    const more = model.instances.length - listed.length;
    const naming = namingOf(model, tall);
    const rows = listed.flatMap((one) => [rowOf(model, one, naming), ...(tall > 1 ? [workRow(model, one)] : [])]);
    const all = naming.start === '' ? '' : ` ${shownLine(naming.start)}…`;
    const title = { left: [{ text: ` ${model.instances.length} agents${all}`, dim: true }], right: [] };
    const rest = { left: [{ text: ` +${more} more`, bold: true }], right: [{ text: 'n ↑ ↓ ', dim: true }] };
    return { width, rows: [title, ...rows, ...(more > 0 ? [rest] : [])] };
  },
  View: ({ rows, width }) => (
    <Box flexDirection="column" width={width}>
      {rows.map(({ left, right }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
        <Text key={i}>{spread(left, right, width)}</Text>
      ))}
    </Box>
  ),
};
