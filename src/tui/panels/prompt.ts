import { stepBesides, stepNow } from '../../attention/attention.ts';
import { keyToWrite } from '../answering/suggestion.ts';
import { shownLine } from '../../lib/text.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { fitKeys, footerOf } from '../prompt/prompt-footer.ts';
import { isBrief, promptMessage, TONES } from '../prompt/prompt-message.ts';
import { promptWindow, signOf } from '../prompt/prompt-window.ts';
import type { Style } from '../widgets/paint.ts';
import { fitPieces, type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Lines = readonly (readonly Piece[])[];
type Props = {
  readonly width: number;
  readonly height: number;
  readonly focused: boolean;
  readonly sign: string;
  /** The typed text, with the grey text that may follow it. */
  readonly line: readonly Piece[];
  /** The rows below the line: about the command, and the keys of the moment where that takes one row. */
  readonly below: Lines;
};

/** What is offered, in words that fit: the command is the last that is left out, since it has to be read whole. */
const offerText = (
  before: string,
  { lead, reason, help }: Record<'lead' | 'reason' | 'help', string>,
  cells: number,
) => {
  const variants = [before + lead + reason + help, before + lead + help, lead + help, help] as const;
  return variants.find((text) => widthOf([{ text }]) <= cells) ?? variants[3];
};

/** The text that stands in the command line while nothing is typed, in so many cells. */
const exampleIn = (model: ScreenModel, cells: number): string => {
  const { screen, layout } = model;
  if (screen.commands.message && layout.prompt.height < 3)
    return `${TONES[screen.commands.message.tone].glyph} ${shownLine(screen.commands.message.text)}`;
  if (screen.panes.typing) return '';
  const { attention } = model;
  const { selected } = screen.panes;
  const offer = stepBesides(attention, selected);
  if (!offer) return screen.focus === 'panes' ? ': command' : 'Type a command; Tab shows what there is';
  const reason = offer.why === '' ? '' : `${shownLine(offer.why)} · `;
  // What stands beside a step of the banner is no other answer to the same question.
  const lead = stepNow(attention, selected) ? 'Besides: ' : '';
  const command = shownLine(offer.command);
  if (screen.focus === 'panes')
    return offer.why === ''
      ? ': command'
      : offerText(': command · ', { lead, reason, help: `${keyToWrite('E', command)} ${command}` }, cells);
  const help = lead === '' ? `Try: ${command}` : `${keyToWrite('End', command)} ${command}`;
  return offerText('', { lead, reason, help }, cells);
};

const linePieces = (model: ScreenModel, width: number): readonly Piece[] => {
  const { prompt, overlays } = model.screen;
  // A command that is half typed waits until the answer is given.
  if (overlays.answering) return [];
  const { before, after } = promptWindow(prompt, width);
  const { search } = prompt;
  if (search && search.at !== null && !search.missing) {
    // The cursor stands where the match begins.
    const { length } = search.query;
    return [
      { text: before },
      { text: after.slice(0, length), color: 'yellow', bold: true },
      { text: after.slice(length) },
    ];
  }
  if (before + after === '')
    return [{ text: search ? '' : exampleIn(model, width - widthOf([{ text: signOf(prompt, width) }])), dim: true }];
  return [{ text: before + after }, { text: shownLine(`.${model.ghost}.`).slice(1, -1), dim: true }];
};

/** How many rows the rule and the line take. */
const rowsAbove = (height: number): number => (height >= 4 ? 2 : 1);

/** The command line, what is known of the command, and the keys of the moment. */
export const promptPanel: Panel<Props> = {
  id: 'prompt',
  z: 1,
  ofLine: true,
  rect: ({ layout }) => shownRect(layout.prompt),
  select: (model, { width, height }) => {
    const { screen } = model;
    const keys = fitKeys(footerOf(model), width);
    const isHeard = screen.overlays.dialog?.came === undefined;
    const footer = isHeard ? keys : keys.map(({ text }): Piece => ({ text, dim: true }));
    const brief = isBrief(screen);
    const rows = height - rowsAbove(height);
    const [first = [], ...more] = promptMessage(model, brief ? Number.MAX_SAFE_INTEGER : width, rows);
    return {
      width,
      height,
      focused: screen.focus === 'prompt',
      sign: signOf(screen.prompt, width),
      line: linePieces(model, width),
      below: [first, ...(brief || more.length === 0 ? [footer] : more)],
    };
  },
  lines: ({ width, height, focused, sign, line, below }) => {
    const rule: Style = focused ? { color: 'cyan', bold: true } : { dim: true };
    return [
      ...(height >= 4 ? [spread([], [], width, { ...rule, text: focused ? '━' : '─' })] : []),
      spread(fitPieces([{ ...rule, text: sign }, ...line], width), [], width),
      ...(height >= 3 ? below.map((row) => spread(row, [], width)).slice(0, height - rowsAbove(height)) : []),
    ];
  },
};
