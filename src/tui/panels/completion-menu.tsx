import { Box, Text } from 'ink';
import { shownLine } from '../../lib/text.ts';
import type { Rect } from '../compositor/layers.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { Frame } from '../widgets/frame.tsx';
import type { Style } from '../widgets/paint.ts';
import { fitPieces, type Piece, spread, widthOf } from '../widgets/pieces.ts';
import type { Panel } from './panel.ts';

type Props = {
  readonly rows: readonly { readonly pieces: readonly Piece[]; readonly chosen: boolean }[];
  readonly title: string;
  readonly width: number;
  readonly height: number;
};

const MOST_ROWS = 9;
/** Cells that a word gets before its help is pushed to the right. */
const WORD = 26;
const STYLE: Style = { color: 'cyan' };

const wordWidth = (model: ScreenModel): number => {
  const { candidates } = model.screen.prompt.completion!;
  return Math.min(WORD, Math.max(...candidates.map(({ word }) => widthOf([{ text: shownLine(word) }]))));
};

const rectOf = (model: ScreenModel): Rect | null => {
  const { screen, layout } = model;
  const { completion } = screen.prompt;
  if (!completion || screen.focus !== 'prompt' || screen.overlays.dialog || screen.overlays.answering) return null;
  const room = layout.screen.height - layout.prompt.height - 2;
  const rows = Math.min(MOST_ROWS, completion.candidates.length, room);
  if (rows < 1) return null;
  const helps = Math.max(...completion.candidates.map(({ help }) => widthOf([{ text: shownLine(help) }])));
  const width = Math.min(layout.screen.width, Math.max(24, wordWidth(model) + helps + 8));
  return { x: 0, y: layout.screen.height - layout.prompt.height - rows - 2, width, height: rows + 2 };
};

/** The first row that is shown, so that the chosen one is among them with one more on each side. */
const topOf = (at: number, rows: number, count: number): number =>
  Math.max(0, Math.min(count - rows, at - rows + 2, Math.max(0, at - 1)));

/** What may stand in the place of the word being typed, and what each of it means. */
export const completionMenuPanel: Panel<Props> = {
  id: 'completion-menu',
  z: 15,
  ofLine: true,
  rect: rectOf,
  select: (model, { width, height }) => {
    const { candidates, at } = model.screen.prompt.completion!;
    const rows = height - 2;
    const top = topOf(at, rows, candidates.length);
    const widest = wordWidth(model);
    return {
      width,
      height,
      title: at < 0 ? `${candidates.length} words` : `${at + 1} of ${candidates.length}`,
      rows: candidates.slice(top, top + rows).map(({ word, help }, i) => {
        const chosen = top + i === at;
        const text = shownLine(word);
        const gap = ' '.repeat(Math.max(0, widest - widthOf([{ text }])));
        const pieces = [
          { text: chosen ? '❯ ' : '  ', ...STYLE, bold: true },
          { text: `${text}${gap}`, bold: chosen, inverse: chosen },
          { text: `  ${shownLine(help)}`, dim: !chosen },
        ];
        return { chosen, pieces: fitPieces(pieces, width - 3) };
      }),
    };
  },
  View: ({ rows, title, width, height }) => (
    <Frame width={width} height={height} title={[]} note={[{ text: title, dim: true }]} style={{ dim: true }}>
      <Box flexDirection="column">
        {rows.map(({ pieces }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
          <Text key={i} wrap="truncate-end">
            {spread(pieces, [], width - 2)}
          </Text>
        ))}
      </Box>
    </Frame>
  ),
};
