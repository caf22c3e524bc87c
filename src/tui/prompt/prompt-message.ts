import { formatDuration } from '../../lib/duration.ts';
import { shorten, shownLine } from '../../lib/text.ts';
import { batchProgress, batchUnderWay, stopCommand } from '../../text/batch-progress.ts';
import { doubtText } from '../../text/hint-words.ts';
import { askingOf } from '../control/merge-question.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { CommandsState, ScreenState, StatusMessage } from '../model/screen-state.ts';
import type { Style } from '../widgets/paint.ts';
import { fitPieces, type Piece, widthOf } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Hint } from '../../ports/hint.ts';

type Sent = CommandsState['running'][number];
type Lines = readonly (readonly Piece[])[];

export const TONES = {
  ok: { glyph: '✔', style: { color: 'green' } },
  warning: { glyph: '!', style: { color: 'yellow', bold: true } },
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  note: { glyph: '·', style: { dim: true } },
} as const satisfies Record<StatusMessage['tone'], { glyph: string; style: Style }>;

/** So much of a command that is at work is shown, in characters. */
const LONGEST_COMMAND = 60;

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
    const asking = askingOf(hint);
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

/** Commands that are at work for as long as a batch is. */
const OF_A_BATCH = /^(?:merge|rollback|cancel)\b/u;

/** The commands that are not answered yet: the first by name, and for how long it is at work. */
const sentPieces = (sent: readonly Sent[], now: number): readonly Piece[] => {
  const [first, ...others] = sent;
  if (!first) return [];
  const seconds = first.since === null ? 0 : Math.floor((now - first.since) / 1000);
  const time = seconds < 1 ? '' : `, ${formatDuration(seconds * 1000)}`;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return [{ text: `  … ${shorten(shownLine(first.command), LONGEST_COMMAND)}${time}${more}`, dim: true }];
};

/** How far the merge that runs is, whoever has begun it, and how to stop it, which is said however little room there is. */
const batchPieces = ({ state, now }: ScreenModel, width: number): readonly Piece[] => {
  const batch = batchUnderWay(state.batches);
  if (!batch) return [];
  const stop = stopCommand(batch);
  const [long, short] = batchProgress(batch, now).map((far): readonly Piece[] => [
    { text: `  ⇄ ${batch.id}: ${far}`, color: 'cyan' },
    { text: stop === null ? '' : `   ${stop} stops it`, dim: true },
  ]);
  return widthOf(long!) <= width ? long! : short!;
};

/** What is under way: what commands that are not answered yet are at, and the merge that runs. */
const waitingLines = (model: ScreenModel, width: number): Lines => {
  const batch = batchPieces(model, width);
  const { running } = model.screen.commands;
  const sent = batch.length === 0 ? running : running.filter(({ command }) => !OF_A_BATCH.test(command));
  const before = sentPieces(sent, model.now);
  const gap = before.length > 0 && batch.length > 0 ? [{ text: ' ' }] : [];
  const all = [...before, ...gap, ...batch];
  return all.length === 0 ? [] : [all];
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
  return waitingLines(model, width);
};
