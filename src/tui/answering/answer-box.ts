import { shownLine } from '../../lib/text.ts';
import type { CellPosition } from '../compositor/compositor.ts';
import type { Rect } from '../compositor/layers.ts';
import { boxRoom, boxTextWidth, boxWidth } from '../model/box-layout.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Answering } from '../model/screen-state.ts';
import { windowOf } from '../prompt/prompt-window.ts';
import { fitPieces, type Piece, widthOf } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import { markedChoice } from './answer-keys.ts';

type Lines = readonly (readonly Piece[])[];

/** The dialogue as it is laid out: its lines, and the cell of its inside where what is typed goes. */
type AnswerBox = { readonly rect: Rect; readonly lines: Lines; readonly cursor: CellPosition | null };

const MARK = '› ';
/** How many lines the agent's question and its subject get at most. */
const QUESTION = 8;
const SUBJECT = 6;
/** Lines of the dialogue that are neither question nor subject: choices, what is typed, blank ones. */
const OTHERS = 8;

const cutLines = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`];

const choiceLines = (answering: Answering, width: number): Lines => {
  const { choices } = answering.question;
  const marked = markedChoice(answering);
  const widest = Math.max(0, ...choices.map(({ label }) => widthOf([{ text: label }])));
  return choices.map(({ label, help }, i) => {
    const chosen = i === marked;
    const gap = ' '.repeat(Math.max(0, Math.min(widest, 24) - widthOf([{ text: label }])));
    return fitPieces(
      [
        { text: chosen ? '❯ ' : '  ', bold: true, color: 'cyan' },
        { text: `${i + 1} `, dim: !chosen },
        { text: ` ${label} `, bold: chosen, inverse: chosen },
        { text: help === '' ? '' : `${gap}  ${help}`, dim: true },
      ],
      width,
    );
  });
};

const noteBelow = ({ trouble, sending, question }: Answering, { questions, connected }: Surroundings): Piece => {
  if (sending) return { text: 'sent, and not taken yet …', dim: true };
  if (!connected) return { text: 'There is no connection: nothing can be sent now.', color: 'yellow' };
  const now = questions.get(question.instance);
  if (!now) return { text: 'It asks nothing any more.', color: 'yellow' };
  if (now.mark !== question.mark) return { text: 'It asks something else now.', color: 'yellow' };
  return trouble === null ? { text: '' } : { text: shownLine(trouble), color: 'yellow', bold: true };
};

type Surroundings = Pick<ScreenModel, 'layout' | 'questions' | 'connected'>;

/**
 * Fits the lines of the dialogue: where there is little room the blank ones go, then the end of what the agent said.
 */
const fitLines = (said: Lines, rest: Lines, room: number): Lines => {
  const all = [[], ...said, [], ...rest];
  if (all.length <= room) return all;
  const tight = rest.filter((line) => line.length > 0);
  return [...said.slice(0, Math.max(1, room - tight.length)), ...tight].slice(-room);
};

/** Lays the dialogue out right above the command line, so that the agent's last output stays in view. */
export const answerBox = (answering: Answering, context: Surroundings): AnswerBox => {
  const { layout } = context;
  const { question, line, sending } = answering;
  const width = boxWidth(layout.screen.width, true);
  const inner = boxTextWidth(layout.screen.width, true);
  const choices = choiceLines(answering, inner);
  // A long subject, a plan, has what room there is: it is to be read before it is approved.
  const asked = cutLines(wrapLines(question.text.split('\n'), inner), QUESTION);
  const subjectLines = Math.max(SUBJECT, boxRoom(layout) - OTHERS - choices.length - asked.length);
  const said: Lines = [
    ...asked.map((text): Piece[] => [{ text, bold: true }]),
    ...(question.subject === ''
      ? []
      : cutLines(wrapLines(question.subject.split('\n'), inner - 2), subjectLines).map((text): Piece[] => [
          { text: `  ${text}`, color: 'cyan' },
        ])),
  ];
  const window = windowOf(line, inner - MARK.length);
  const typed: Piece = window.text === '' ? { text: question.words, dim: true } : { text: window.text };
  const note = noteBelow(answering, context);
  const rest: Lines = [
    ...choices,
    ...(choices.length > 0 ? [[]] : []),
    [{ text: MARK, bold: true, color: 'cyan' }, typed],
    ...(note.text === '' ? [[]] : wrapLines([note.text], inner).map((text): Piece[] => [{ ...note, text }])),
  ];
  const lines = fitLines(said, rest, boxRoom(layout));
  const height = lines.length + 2;
  const rect = {
    x: Math.max(0, Math.floor((layout.screen.width - width) / 2)),
    y: Math.max(0, layout.screen.height - layout.prompt.height - height),
    width,
    height,
  };
  const row = lines.findIndex(([first]) => first?.text === MARK);
  const cursor = sending || row < 0 ? null : { x: MARK.length + window.cursor, y: row };
  return { rect, lines, cursor };
};

/** The cell of the screen where the cursor of the dialogue stands; null while nothing can be typed. */
export const answerCursor = (answering: Answering, context: Surroundings): CellPosition | null => {
  const { rect, cursor } = answerBox(answering, context);
  return cursor && { x: rect.x + 2 + cursor.x, y: rect.y + 1 + cursor.y };
};
