import { shownLine } from '../../lib/text.ts';
import { isHeld } from '../../state/moves.ts';
import type { CellPosition } from '../compositor/compositor.ts';
import type { Rect } from '../compositor/layers.ts';
import { boxRoom, boxWidth } from '../model/box-layout.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Answering } from '../model/screen-state.ts';
import { shownInstances } from '../panels/grid.tsx';
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
/** The same where there are no choices, and a blank line before what is asked. */
const LEAST_OTHERS = 6;

/** Cells that a pane has at least in which the dialogue stands, and those of the dialogue at most. */
const LEAST_PANE = 44;
/** A frame around the dialogue. */
const FRAME = 2;

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

const noteBelow = ({ trouble, sending, question }: Answering, around: Surroundings): Piece => {
  const { questions, connected, instances } = around;
  if (sending) return { text: 'sent, and not taken yet …', dim: true };
  if (!connected) return { text: 'There is no connection: nothing can be sent now.', color: 'yellow' };
  const now = questions.get(question.instance);
  const asked = instances.find(({ instance_id: id }) => id === question.instance);
  if (!now && asked && isHeld(asked))
    return { text: 'It is paused: it takes an answer when it goes on.', color: 'yellow' };
  if (!now) return { text: 'It waits for no answer now.', color: 'yellow' };
  if (now.mark !== question.mark) return { text: 'It asks something else now.', color: 'yellow' };
  return trouble === null ? { text: '' } : { text: shownLine(trouble), color: 'yellow', bold: true };
};

type Surroundings = Pick<ScreenModel, 'layout' | 'questions' | 'connected' | 'instances' | 'open' | 'tail'>;

/**
 * Fits the lines of the dialogue: where there is little room the blank ones go, then the end of what the agent said.
 */
const fitLines = (said: Lines, rest: Lines, room: number): Lines => {
  const all = [[], ...said, [], ...rest];
  if (all.length <= room) return all;
  const tight = rest.filter((line) => line.length > 0);
  return [...said.slice(0, Math.max(1, room - tight.length)), ...tight].slice(-room);
};

/** The pane of the agent that asks, where it is on the screen and wide enough. */
const askingTile = ({ question }: Answering, { open, layout, instances }: Surroundings): Rect | undefined => {
  if (open) return undefined;
  const at = shownInstances({ instances, layout }).findIndex(({ instance_id: id }) => id === question.instance);
  const tile = layout.tiles.tiles[at];
  if (!tile || tile.width < LEAST_PANE) return undefined;
  return { ...tile, x: tile.x + layout.grid.x, y: tile.y + layout.grid.y };
};

/** The agent's last lines, what it asks, and what that is about. */
const saidLines = ({ question }: Answering, tail: readonly string[], inner: number, room: number): Lines => {
  // A long subject, a plan, has what room there is: it is to be read before it is approved.
  const asked = cutLines(wrapLines(question.text.split('\n'), inner), QUESTION);
  const subjectLines = Math.max(SUBJECT, room - OTHERS - question.choices.length - asked.length);
  const subject = question.subject === '' ? [] : wrapLines(question.subject.split('\n'), inner - 2);
  const shown = cutLines(subject, subjectLines);
  const others = subject.length === 0 ? LEAST_OTHERS : OTHERS;
  const spare = room - others - question.choices.length - asked.length - shown.length;
  const kept = spare > 0 && shown.length === subject.length ? tail.slice(-spare) : [];
  const before = kept.map((line): readonly Piece[] => fitPieces([{ text: shownLine(line), dim: true }], inner));
  return [
    ...(before.length > 0 ? [...before, []] : []),
    ...asked.map((text): Piece[] => [{ text, bold: true }]),
    ...shown.map((text): Piece[] => [{ text: `  ${text}`, color: 'cyan' }]),
  ];
};

/** What is chosen from, what is typed, and what there is to say of it. */
const answerLines = (answering: Answering, context: Surroundings, inner: number) => {
  const { question, line } = answering;
  const choices = choiceLines(answering, inner);
  const window = windowOf(line, inner - MARK.length);
  const typed: Piece = window.text === '' ? { text: question.words, dim: true } : { text: window.text };
  const note = noteBelow(answering, context);
  const lines: Lines = [
    ...choices,
    ...(choices.length > 0 ? [[]] : []),
    [{ text: MARK, bold: true, color: 'cyan' }, typed],
    ...(note.text === '' ? [[]] : wrapLines([note.text], inner).map((text): Piece[] => [{ ...note, text }])),
  ];
  return { lines, cursor: window.cursor };
};

/**
 * Lays the dialogue out at the lower edge of the pane that asks; where that is too small, or not in view, right above the
 * command line. The agent's last lines stand in it.
 */
export const answerBox = (answering: Answering, context: Surroundings): AnswerBox => {
  const { layout, tail } = context;
  const { screen, prompt } = layout;
  const tile = askingTile(answering, context);
  const place = (width: number, room: number, others: readonly string[]) => {
    const inner = width - 2 * FRAME;
    const rest = answerLines(answering, context, inner);
    const lines = fitLines(saidLines(answering, others, inner, room), rest.lines, room);
    return { width, lines, cursor: rest.cursor };
  };
  const wide = place(boxWidth(screen.width, true), boxRoom(layout), []);
  const inPane = tile && place(Math.min(tile.width, wide.width), tile.height - FRAME, tail);
  const fits = inPane && inPane.lines.length >= wide.lines.length;
  const shown = fits ? inPane : place(wide.width, boxRoom(layout), tail);
  const height = shown.lines.length + FRAME;
  const rect = fits
    ? { x: tile!.x, y: tile!.y + tile!.height - height, width: shown.width, height }
    : {
        x: Math.max(0, Math.floor((screen.width - shown.width) / 2)),
        y: Math.max(0, screen.height - prompt.height - height),
        width: shown.width,
        height,
      };
  const row = shown.lines.findIndex(([first]) => first?.text === MARK);
  const cursor = answering.sending || row < 0 ? null : { x: MARK.length + shown.cursor, y: row };
  return { rect, lines: shown.lines, cursor };
};

/** The cell of the screen where the cursor of the dialogue stands; null while nothing can be typed. */
export const answerCursor = (answering: Answering, context: Surroundings): CellPosition | null => {
  const { rect, cursor } = answerBox(answering, context);
  return cursor && { x: rect.x + 2 + cursor.x, y: rect.y + 1 + cursor.y };
};
