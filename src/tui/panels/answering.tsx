import { shownLine } from '../../lib/text.ts';
import { answerBox } from '../answering/answer-box.ts';
import { currentTask } from '../model/instance-list.ts';
import { ageOf } from '../model/relative-times.ts';
import { BoxLines } from '../widgets/box-lines.tsx';
import { Frame } from '../widgets/frame.tsx';
import type { Style } from '../widgets/paint.ts';
import { fitWords, type Piece } from '../widgets/pieces.ts';
import type { Panel } from './panel.ts';

type Props = {
  readonly lines: readonly (readonly Piece[])[];
  readonly title: readonly Piece[];
  readonly note: readonly Piece[];
  readonly width: number;
  readonly height: number;
};

/** Cells of the upper edge that the name of the task leaves to the rest. */
const AROUND_TITLE = 24;

const STYLE: Style = { color: 'yellow', bold: true };

/** What an agent asks, with what can be said to it. */
export const answeringPanel: Panel<Props> = {
  id: 'answering',
  z: 18,
  rect: (model) => (model.screen.overlays.answering ? answerBox(model.screen.overlays.answering, model).rect : null),
  select: (model, { width, height }) => {
    const answering = model.screen.overlays.answering!;
    const id = answering.question.instance;
    const instance = model.state.instances[id];
    const since = instance?.state.since;
    const task = instance && currentTask(instance, model.state.tasks);
    const about = task ? ` · ${task.id} ${shownLine(task.title)}` : '';
    return {
      lines: answerBox(answering, model).lines,
      title: [
        { ...STYLE, text: `? ${id} asks` },
        ...(about === '' ? [] : [{ text: fitWords(about, Math.max(0, width - id.length - AROUND_TITLE)) }]),
      ],
      note: since === undefined ? [] : [{ text: ageOf(since, model.now), dim: true }],
      width,
      height,
    };
  },
  View: ({ lines, title, note, width, height }) => (
    <Frame width={width} height={height} title={title} note={note} style={STYLE}>
      <BoxLines lines={lines} width={width} />
    </Frame>
  ),
};
