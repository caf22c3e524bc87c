import { shownLine } from '../../lib/text.ts';
import { batchProgress, batchUnderWay } from '../../text/batch-progress.ts';
import { askingText, doubtText } from '../../text/hint-words.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { ScreenState, StatusMessage } from '../model/screen-state.ts';
import type { Style } from '../widgets/paint.ts';
import { fitPieces, type Piece, widthOf } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Hint } from '../../ports/hint.ts';

type Lines = readonly (readonly Piece[])[];

export const TONES = {
  ok: { glyph: '✔', style: { color: 'green' } },
  warning: { glyph: '!', style: { color: 'yellow', bold: true } },
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  note: { glyph: '·', style: { dim: true } },
} as const satisfies Record<StatusMessage['tone'], { glyph: string; style: Style }>;

/** A sentence and what helps, in one row if both fit, else in two. */
const sentence = (text: Piece, help: Piece, width: number): Lines => {
  const helping = help.text === '' ? [] : [{ ...help, text: `   ${help.text}` }];
  if (widthOf([text, ...helping]) <= width) return [[text, ...helping]];
  const [first = '', ...more] = wrapLines([text.text], width);
  if (more.length === 0) return [[text], helping];
  const rest = { ...text, text: more.map((line, i) => (i === 0 ? line : line.trimStart())).join(' ') };
  return [[{ ...text, text: first }], [rest, ...helping]];
};

/** A command that may have been meant, with the key that takes it. */
export const meantInstead = (suggestion: string): string => `did you mean: ${suggestion} · End takes it`;

/** An answer in as many rows as it takes. */
const wholeAnswer = ({ tone, text, hint }: StatusMessage, width: number): Lines => {
  const { glyph, style } = TONES[tone];
  const said: Piece = { ...style, text: `  ${glyph} ${shownLine(text)}` };
  const help: Piece = { text: hint === null ? '' : `   ${shownLine(hint)}`, dim: true };
  if (widthOf([said, help]) <= width) return [[said, help]];
  return [said, ...(help.text === '' ? [] : [help])].flatMap((piece) =>
    wrapLines([piece.text], width).map((part) => [{ ...piece, text: part }]),
  );
};

/** The same in so many rows: whole where they are enough. */
const answerLines = (message: StatusMessage, width: number, rows: number): Lines => {
  const whole = wholeAnswer(message, width);
  if (whole.length <= rows) return whole;
  const { tone, text, hint } = message;
  const { glyph, style } = TONES[tone];
  const help = { text: hint === null ? '' : shownLine(hint), dim: true };
  return sentence({ ...style, text: `  ${glyph} ${shownLine(text)}` }, help, width);
};

/** Whether one row has to say it all, because the keys of what is open have to be seen. */
export const isBrief = ({ overlays, panes, prompt, isFrozen }: ScreenState): boolean =>
  [overlays.dialog, overlays.page, overlays.answering, panes.typing].some((one) => one !== null) ||
  isFrozen ||
  prompt.completion !== null ||
  prompt.search !== null;

/** How many rows below the command line the answer to the last command takes in so many cells. */
export const answerRows = (screen: ScreenState, width: number): number => {
  const { message } = screen.commands;
  return message === null || isBrief(screen) ? 0 : wholeAnswer(message, width).length;
};

const hintLines = (hint: Hint, width: number): Lines => {
  if (hint.kind === 'ok') {
    // That a command asks first is said, whatever else has to be cut.
    const asking = askingText(hint);
    const asks = asking === undefined ? [] : [{ text: `   ${asking}`, color: 'yellow', bold: true } as const];
    const doubt = doubtText(hint);
    const after = [...(doubt === undefined ? [] : [{ text: `   ${doubt}`, dim: true }]), ...asks];
    const { glyph, style } = doubt === undefined ? TONES.ok : TONES.note;
    const says = fitPieces([{ ...style, text: `  ${glyph} ${shownLine(hint.says)}` }], width - widthOf(after));
    return [[...says, ...after]];
  }
  if (hint.kind === 'incomplete') {
    const expected = hint.expects.map(shownLine).join(' · ');
    return [
      [
        { text: '  … ', dim: true },
        { text: expected, color: 'cyan' },
      ],
    ];
  }
  const help = shownLine(hint.suggestion === undefined ? (hint.help ?? '') : meantInstead(hint.suggestion));
  return sentence({ text: `  ✖ ${shownLine(hint.message)}`, color: 'yellow' }, { text: help, dim: true }, width);
};

/** What a command that is not answered yet waits for, and how to end that. */
const waitingLines = ({ state, now }: ScreenModel): Lines => {
  const batch = batchUnderWay(state.batches);
  if (!batch) return [[{ text: '  … at it', dim: true }]];
  const stop = batch.state === 'running' ? `   cancel integration ${batch.id} stops it` : '';
  return [
    [
      { text: `  ⇄ ${batch.id}: ${batchProgress(batch, now)[0]}`, color: 'cyan' },
      { text: stop, dim: true },
    ],
  ];
};

/** What so many rows below the command line say: the answer to the last command, or what the next one would do. */
export const promptMessage = (model: ScreenModel, width: number, rows = 2): Lines => {
  const { screen, hint } = model;
  const { message } = screen.commands;
  if (message) {
    const isMeant = message.tone === 'error' && hint?.kind === 'error' && hint.suggestion !== undefined;
    return answerLines(isMeant ? { ...message, hint: meantInstead(hint.suggestion) } : message, width, rows);
  }
  if (hint) return hintLines(hint, width);
  return screen.commands.running > 0 ? waitingLines(model) : [];
};
