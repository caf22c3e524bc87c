import { Box, Text } from 'ink';
import { oneLine, withoutControls } from '../../lib/text.ts';
import type { Rect } from '../compositor/layers.ts';
import { PANE_KEYS } from '../pane-keys.ts';
import type { Model, Panel } from '../panel.ts';
import type { Dialog, Page } from '../view-state.ts';
import { Frame } from '../widgets/frame.tsx';
import { type Piece, spread } from '../widgets/line.ts';
import type { Style } from '../widgets/paint.ts';

type Content = { readonly title: string; readonly style: Style; readonly lines: readonly (readonly Piece[])[] };
type Props = Content & { readonly width: number; readonly height: number };

const LISTED = 8;

const dialogContent = ({ command, targets, loses, yes }: Dialog): Content => {
  const listed = targets.slice(0, LISTED).map((target): Piece[] => [{ text: `   • ${oneLine(target)}` }]);
  const more = targets.length - LISTED;
  const button = (label: string, chosen: boolean): Piece => ({
    text: chosen ? `[ ${label} ]` : `  ${label}  `,
    inverse: chosen,
    bold: chosen,
  });
  return {
    title: 'Are you sure?',
    style: { color: 'red', bold: true },
    lines: [
      [],
      [{ text: ` ${oneLine(command)}`, bold: true }],
      [],
      ...listed,
      ...(more > 0 ? [[{ text: `   and ${more} more`, dim: true }]] : []),
      [],
      [
        { text: ' lost: ', dim: true },
        { text: oneLine(loses), color: 'yellow' },
      ],
      [],
      [{ text: '   ' }, button('No', !yes), { text: '    ' }, button('Yes', yes)],
    ],
  };
};

const keyLines = (): readonly (readonly Piece[])[] => [
  [],
  ...PANE_KEYS.map(({ label, help }): Piece[] => [{ text: ` ${label.padEnd(10)}`, bold: true }, { text: help }]),
];

const pageContent = ({ title, lines, top }: Page): Content => ({
  title: oneLine(title),
  style: { color: 'cyan' },
  lines:
    lines === null
      ? keyLines()
      : lines.slice(top).map((line) => [{ text: ` ${withoutControls(line).replaceAll('\t', '  ')}` }]),
});

const contentOf = ({ view }: Model): Content | null => {
  if (view.dialog) return dialogContent(view.dialog);
  return view.page ? pageContent(view.page) : null;
};

/** A page that is scrolled keeps the height of its whole text. */
const heightOf = ({ view }: Model, content: Content): number =>
  content.lines.length + (view.dialog ? 0 : (view.page?.top ?? 0)) + 2;

const centred = (model: Model, content: Content): Rect => {
  const { width, height } = model.layout.screen;
  const wide = Math.max(1, Math.min(width, isNarrow(model) ? 72 : width - 4));
  const tall = Math.max(1, Math.min(heightOf(model, content), height - model.layout.prompt.height));
  return {
    x: Math.floor((width - wide) / 2),
    y: Math.max(0, Math.floor((height - model.layout.prompt.height - tall) / 2)),
    width: wide,
    height: tall,
  };
};

/** Dialogues and the list of keys are narrow; what a command printed gets all the width there is. */
const isNarrow = ({ view, layout }: Model): boolean =>
  layout.screen.width > 76 && (view.dialog !== null || view.page?.lines === null);

/** What stands before everything else: a question, or a text that needs more than a line. */
export const overlayPanel: Panel<Props> = {
  id: 'overlay',
  z: 20,
  rect: (model) => {
    const content = contentOf(model);
    return content && centred(model, content);
  },
  select: (model, { width, height }) => ({ ...contentOf(model)!, width, height }),
  View: ({ title, style, lines, width, height }) => (
    <Frame width={width} height={height} title={[{ ...style, text: title }]} style={style}>
      <Box flexDirection="column">
        {lines.slice(0, Math.max(0, height - 2)).map((pieces, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
          <Text key={i} wrap="truncate-end">
            {spread(pieces, [], width - 2)}
          </Text>
        ))}
      </Box>
    </Frame>
  ),
};
