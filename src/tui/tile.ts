import { oneLine } from '../lib/text.ts';
import type { Instance } from '../state/instances.ts';
import type { Task } from '../state/tasks.ts';
import type { Model } from './panel.ts';
import { ageOf, currentTask } from './scene.ts';
import { MARKS, stateWord } from './state-marks.ts';
import { bar } from './widgets/bar.ts';
import type { Piece } from './widgets/line.ts';
import type { Style } from './widgets/paint.ts';

/** What stands around one agent's terminal. */
export type Tile = {
  readonly id: string;
  readonly selected: boolean;
  readonly style: Style;
  readonly title: readonly Piece[];
  readonly note: readonly Piece[];
  /** Where it works, and which agent it is. */
  readonly foot: readonly (readonly Piece[])[];
  /** The line below the title: what it does and how far it is. */
  readonly left: readonly Piece[];
  readonly right: readonly Piece[];
};

const BAR = 5;
const isHex = (text: string): text is `#${string}` => /^#[\da-f]{6}$/i.test(text);

const taskPieces = (instance: Instance, task: Task | undefined): readonly Piece[] => {
  if (instance.question !== null) return [{ text: ` ? ${oneLine(instance.question)}`, color: 'yellow', bold: true }];
  if (!task) return [{ text: ' no task', dim: true }];
  const note = task.run?.note ?? null;
  return [
    { text: ` ${task.id} `, bold: true },
    { text: oneLine(task.title) },
    ...(note === null ? [] : [{ text: `  ${oneLine(note)}`, dim: true }]),
  ];
};

const progressPieces = ({ question }: Instance, task: Task | undefined): readonly Piece[] => {
  if (!task?.run || question !== null) return [];
  const { progress } = task.run;
  return [{ text: `${bar(progress, 100, BAR)} ${Math.round(progress)}% ` }];
};

export const tileOf = ({ view, state, connected, now }: Model, instance: Instance): Tile => {
  const mark = MARKS[instance.state.kind];
  const colour = instance.peacock_theme.primary_color;
  const stale = mark.stale || !connected;
  const style: Style = { ...(isHex(colour) ? { color: colour } : {}), ...(stale ? { dim: true } : {}) };
  const task = currentTask(instance, state.tasks);
  const selected = instance.instance_id === view.selected;
  return {
    id: instance.instance_id,
    selected,
    style: selected ? { ...style, bold: true } : style,
    title: [
      { ...style, text: selected ? '▶ ' : '■ ' },
      { ...style, text: instance.instance_id, bold: true },
    ],
    note: [
      { ...mark.style, text: `${mark.glyph} ${stateWord(instance.state)}` },
      { text: ` ${ageOf(instance.state.since, now)}`, dim: true },
    ],
    foot: [[{ text: `⎇ ${oneLine(instance.branch_name)}`, dim: true }], [{ text: oneLine(instance.agent), dim: true }]],
    left: taskPieces(instance, task),
    right: progressPieces(instance, task),
  };
};
