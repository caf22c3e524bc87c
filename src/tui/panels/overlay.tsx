import { shownLine } from '../../lib/text.ts';
import { pageWidth, questionLines, questionRoom, shownPage } from '../control/page-content.ts';
import { boxRoom, boxWidth, centreBox } from '../model/box-layout.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Dialog, Page } from '../model/screen-state.ts';
import { BoxLines } from '../widgets/box-lines.tsx';
import { Frame } from '../widgets/frame.tsx';
import type { Style } from '../widgets/paint.ts';
import type { Piece } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Panel } from './panel.ts';

type Lines = readonly (readonly Piece[])[];
type Content = {
  readonly title: string;
  readonly style: Style;
  readonly lines: Lines;
  /** Says which part of a longer text is shown; empty when all of it is. */
  readonly part: string;
};
type Props = Content & { readonly width: number; readonly height: number };

/** How many rows name the targets of a question at most. */
const LISTED = 9;
/** Cells of a box's inside that stay blank. */
const MARGIN = 2;

const button = (label: string, chosen: boolean, isHeard: boolean): Piece => ({
  text: chosen ? `[ ${label} ]` : `  ${label}  `,
  ...(isHeard ? { inverse: chosen, bold: chosen } : { dim: true }),
});

/** The buttons; dim as long as a Yes was on its way before anybody could read the question. */
const buttonsOf = ({ yes, came }: Dialog): Piece[] => [
  { text: '  ' },
  button('No', !yes, came === undefined),
  { text: '    ' },
  button('Yes', yes, came === undefined),
];

const listTargets = (targets: readonly string[], most: number): Lines => {
  const room = targets.length <= most ? most : most - 1;
  const more = targets.length - room;
  return [
    ...targets.slice(0, room).map((target): Piece[] => [{ text: `  • ${shownLine(target)}` }]),
    ...(more > 0 ? [[{ text: `  and ${more} more`, dim: true }]] : []),
  ];
};

/** The question, with as many of its targets as there is room for: what is lost and the buttons come first. */
const dialogContent = (dialog: Dialog, width: number, room: number): Content => {
  const { title = 'Are you sure?', command, targets, loses } = dialog;
  const bold = (text: string): Piece[] => [{ text, bold: true }];
  const asked = wrapLines([shownLine(command)], width)
    .slice(0, 2)
    .map(bold);
  const lost = wrapLines([shownLine(loses)], width).map((text): Piece[] => [{ text, color: 'yellow' }]);
  const buttons = buttonsOf(dialog);
  const blanks = 4;
  const least = asked.length + lost.length + 1;
  const left = room - least - blanks;
  const style: Style = { color: 'red', bold: true };
  if (left >= 1) {
    const lines = [[], ...asked, [], ...listTargets(targets, Math.min(LISTED, left)), [], ...lost, [], buttons];
    return { title, style, lines, part: '' };
  }
  const told = [...asked, ...lost];
  const fits = Math.max(0, room - 1);
  const part = told.length > fits ? 'there is more: enlarge the window' : '';
  return { title, style, lines: [...told.slice(0, fits), buttons], part };
};

/** A question with lines of its own: all of them can be read, and the buttons are always there. */
const longQuestion = (dialog: Dialog, layout: ScreenModel['layout'], lines: readonly string[]): Content => {
  const { height, most } = questionRoom(dialog, layout);
  const top = Math.min(most, dialog.top ?? 0);
  const shown = lines.slice(top, top + height).map((text): Piece[] => [{ text, color: 'yellow' }]);
  return {
    title: dialog.title ?? 'Are you sure?',
    style: { color: 'red', bold: true },
    lines: [[], ...shown, [], buttonsOf(dialog)],
    part: most > 0 ? `${top + 1} to ${top + shown.length} of ${lines.length}, ↑↓ shows the rest` : '',
  };
};

const pageContent = (page: Page, layout: ScreenModel['layout']): Content => {
  const { lines, part } = shownPage(page, layout);
  return { title: shownLine(page.title), style: { color: 'cyan' }, lines: lines.map(({ pieces }) => pieces), part };
};

const contentOf = ({ screen, layout }: ScreenModel): { readonly content: Content; readonly width: number } | null => {
  const question = screen.overlays.dialog && questionLines(screen.overlays.dialog, layout);
  if (screen.overlays.dialog && question) {
    const width = boxWidth(layout.screen.width, false);
    return { content: longQuestion(screen.overlays.dialog, layout, question), width };
  }
  if (screen.overlays.dialog) {
    const width = boxWidth(layout.screen.width, true);
    return { content: dialogContent(screen.overlays.dialog, width - 2 - MARGIN, boxRoom(layout)), width };
  }
  // A page waits behind the question of an agent.
  if (!screen.overlays.page || screen.overlays.answering) return null;
  return {
    content: pageContent(screen.overlays.page, layout),
    width: pageWidth(screen.overlays.page, layout),
  };
};

/** What stands before everything else: a question, or a text that needs more than a line. */
export const overlayPanel: Panel<Props> = {
  id: 'overlay',
  z: 20,
  rect: (model) => {
    const shown = contentOf(model);
    return shown && centreBox(model.layout, shown.width, shown.content.lines.length);
  },
  select: (model, { width, height }) => ({ ...contentOf(model)!.content, width, height }),
  View: ({ title, style, lines, part, width, height }) => (
    <Frame
      width={width}
      height={height}
      title={[{ ...style, text: title }]}
      foot={[[], part === '' ? [] : [{ text: part, dim: true }]]}
      style={style}
    >
      <BoxLines lines={lines} width={width} />
    </Frame>
  ),
};
