import { failureLeftBy } from '../../attention/needs.ts';
import { shownLine } from '../../lib/text.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task, Tasks } from '../../state/tasks.ts';
import { sandboxMark } from '../../text/instance-rows.ts';
import { statPieces } from '../model/agent-stats.ts';
import { currentTask } from '../model/instance-list.ts';
import { conflictMarks } from '../model/conflict-marks.ts';
import { nameStyle } from '../model/instance-style.ts';
import { ageOf } from '../model/relative-times.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { INSTANCE_MARKS, stateWord } from '../model/state-marks.ts';
import { bar } from '../widgets/bar.ts';
import type { Style } from '../widgets/paint.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import { lastWork } from './last-work.ts';
import { CHORD_LABEL } from './typing.ts';

/** What stands around one agent's terminal. */
export type PaneFrame = {
  readonly id: string;
  readonly selected: boolean;
  readonly style: Style;
  readonly title: readonly Piece[];
  readonly note: readonly Piece[];
  /** The branch that the agent works on, and which agent program it is in which sandbox. */
  readonly foot: readonly (readonly Piece[])[];
  /** The line below the title: the task of the agent and its progress. */
  readonly left: readonly Piece[];
  readonly right: readonly Piece[];
  /** Whether the agent has the keyboard. */
  readonly typing: boolean;
};

const BAR = 5;

/** What an agent without a task did last, and what it does now. */
const lastPieces = ({ instance_id: id, state: { kind } }: Instance, tasks: Tasks): readonly Piece[] => {
  const now: Piece = { text: ` ${INSTANCE_MARKS[kind].word}`, dim: true };
  return [{ text: ' ' }, ...lastWork(id, tasks), { text: ' ·', dim: true }, now];
};

const taskPieces = (instance: Instance, task: Task | undefined, tasks: Tasks): readonly Piece[] => {
  if (instance.question !== null) return [{ text: ` ? ${shownLine(instance.question)}`, color: 'yellow', bold: true }];
  if (!task) return lastPieces(instance, tasks);
  const note = task.run?.note ?? null;
  return [
    { text: ` ${task.id} `, bold: true },
    { text: shownLine(task.title) },
    ...(note === null ? [] : [{ text: `  ${shownLine(note)}`, dim: true }]),
  ];
};

const progressPieces = ({ question }: Instance, task: Task | undefined): readonly Piece[] => {
  if (!task?.run || question !== null) return [];
  const { progress } = task.run;
  return [{ text: `${bar(progress, 100, BAR)} ${Math.round(progress)}% ` }];
};

/** What an idle agent left for a person: a failure of its task, or finished work that nobody has looked at yet. */
export const leftBehind = (
  { attention }: Pick<ScreenModel, 'attention'>,
  { instance_id: id, state }: Instance,
): { readonly short: Piece; readonly long: Piece } | null => {
  if (state.kind !== 'idle') return null;
  const failed = failureLeftBy(attention.needs, id);
  const red: Style = { color: 'red', bold: true };
  if (failed)
    return { short: { ...red, text: 'task failed' }, long: { ...red, text: `✖ ${failed.task ?? 'a task'} failed ` } };
  const count = attention.toReview.get(id) ?? 0;
  if (count === 0) return null;
  return { short: { text: 'to review', color: 'cyan' }, long: { text: `✔ ${count} to review `, color: 'cyan' } };
};

/** Says that a pane is not live, or that it has the keyboard: the line about the task gives way to it. */
const paneNotice = ({ screen, reading }: ScreenModel, id: string): readonly Piece[] | null => {
  if (reading?.id === id) {
    const place = `reading line ${reading.first + 1} of ${reading.lines}`;
    return [
      { text: ` ‖ ${place} `, inverse: true },
      { text: ' End returns to live', dim: true },
    ];
  }
  if (screen.panes.typing?.id !== id || screen.panes.typing.over !== null) return null;
  return [
    { text: ' ▸ you type here ', inverse: true },
    { text: ` ${CHORD_LABEL} returns`, dim: true },
  ];
};

/** A frame of fewer cells has the sign of a sandbox alone. */
const WORDY = 48;

/** In which sandbox the agent is, or that it has none that it was to have. */
const sandboxPieces = (instance: Instance, width: number): readonly Piece[] => {
  const mark = sandboxMark(instance);
  if (!mark) return [];
  const style: Style = mark.isMissing ? { color: 'yellow' } : { dim: true };
  return [{ ...style, text: width < WORDY ? `${mark.glyph} ` : `${mark.glyph} ${mark.word} ` }];
};

/** Cells of the lower edge that the branch and the agent’s name have at least. */
const FOOT = 36;

/** Cells of the upper edge beside its two texts; on a narrow one the state is what stays. */
const EDGES = 9;

/** What stands around the terminal of this instance in a frame of so many cells. */
export const paneFrameOf = (model: ScreenModel, instance: Instance, width: number): PaneFrame => {
  const { screen, state, connected, silentSince, now } = model;
  const mark = INSTANCE_MARKS[instance.state.kind];
  const stale = mark.stale || !connected || silentSince !== null;
  const style: Style = { ...nameStyle(instance), ...(stale ? { dim: true } : {}) };
  const task = currentTask(instance, state.tasks);
  const vitals = model.stats.get(instance.instance_id);
  const selected = instance.instance_id === screen.panes.selected;
  const title: readonly Piece[] = [
    { ...style, text: selected ? '▶ ' : '■ ' },
    { ...style, text: instance.instance_id, bold: true },
  ];
  const behind = leftBehind(model, instance);
  const left = behind ? [behind.long] : [];
  const note: readonly Piece[] = [
    { ...mark.style, text: `${mark.glyph} ${stateWord(instance.state)}` },
    { text: ` ${ageOf(instance.state.since, now)}`, dim: true },
  ];
  const room = width - EDGES - widthOf([...title, ...left, ...note]);
  const sandbox = sandboxPieces(instance, width);
  const clash = conflictMarks(state.predicted, instance.instance_id).find((pieces) => widthOf(pieces) <= room) ?? [];
  return {
    id: instance.instance_id,
    selected,
    style: selected ? { ...style, bold: true } : style,
    title,
    // On a narrow edge what it left says more than that it is idle.
    note:
      room >= 0 ? [...clash, ...left, ...note] : behind ? [{ ...behind.long, text: behind.long.text.trimEnd() }] : note,
    foot: [
      [{ text: `⎇ ${shownLine(instance.branch_name)}`, dim: true }],
      [
        ...(vitals ? statPieces(vitals, width - FOOT - widthOf(sandbox)) : []),
        ...sandbox,
        { text: shownLine(instance.agent), dim: true },
      ],
    ],
    left: paneNotice(model, instance.instance_id) ?? taskPieces(instance, task, state.tasks),
    right: progressPieces(instance, task),
    typing: screen.panes.typing?.id === instance.instance_id && screen.panes.typing.over === null,
  };
};
