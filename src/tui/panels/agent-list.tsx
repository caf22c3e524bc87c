import { Box, Text } from 'ink';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import type { Rect } from '../compositor/layers.ts';
import { currentTask } from '../model/instance-list.ts';
import { nameStyle } from '../model/instance-style.ts';
import { ageOf } from '../model/relative-times.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { INSTANCE_MARKS, stateWord } from '../model/state-marks.ts';
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
  const text = instance.question ?? (task ? `${task.id} ${task.title}` : 'no task');
  return { left: [{ text: `   ${shownLine(text)}`, dim: true }], right: [] };
};

/** The longest of these that leaves room for what is left of it. */
const longestFitting = (variants: readonly (readonly Piece[])[], room: number): readonly Piece[] =>
  variants.find((pieces) => widthOf(pieces) <= room) ?? [];

/** The state’s glyph always stands: its word and age as far as there is room. */
const rowOf = (model: ScreenModel, instance: Instance): Row => {
  const { screen, now, layout } = model;
  const mark = INSTANCE_MARKS[instance.state.kind];
  const selected = instance.instance_id === screen.panes.selected;
  const style = nameStyle(instance);
  const left = [
    { ...style, text: selected ? ' ▶ ' : ' ■ ' },
    { ...style, text: instance.instance_id, bold: true, inverse: selected },
    { ...mark.style, text: ` ${mark.glyph}` },
  ];
  const word: Piece = leftBehind(model, instance)?.short ?? { ...mark.style, text: stateWord(instance.state) };
  const age = { text: ` ${ageOf(instance.state.since, now).padStart(3)} `, dim: true };
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
    const rows = listed.flatMap((one) => [rowOf(model, one), ...(tall > 1 ? [workRow(model, one)] : [])]);
    const title = { left: [{ text: ` ${model.instances.length} agents`, dim: true }], right: [] };
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
