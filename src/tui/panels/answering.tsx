import { answerBox } from '../answering/answer-box.ts';
import { ageOf } from '../model/relative-times.ts';
import { BoxLines } from '../widgets/box-lines.tsx';
import { Frame } from '../widgets/frame.tsx';
import type { Style } from '../widgets/paint.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { Panel } from './panel.ts';

type Props = {
  readonly lines: readonly (readonly Piece[])[];
  readonly title: readonly Piece[];
  readonly note: readonly Piece[];
  readonly width: number;
  readonly height: number;
};

const STYLE: Style = { color: 'yellow', bold: true };

/** What an agent asks, with what can be said to it. */
export const answeringPanel: Panel<Props> = {
  id: 'answering',
  z: 18,
  rect: (model) => (model.screen.overlays.answering ? answerBox(model.screen.overlays.answering, model).rect : null),
  select: (model, { width, height }) => {
    const answering = model.screen.overlays.answering!;
    const id = answering.question.instance;
    const since = model.state.instances[id]?.state.since;
    return {
      lines: answerBox(answering, model).lines,
      title: [{ ...STYLE, text: `? ${id} asks` }],
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
