import { Box, Text } from 'ink';
import { render } from 'ink-testing-library';
import { expect, test } from 'vitest';
import { makeGrid } from '../../../src/tui/compositor/cell.ts';
import { drawStyledLine } from '../../../src/tui/compositor/styled-line.ts';
import type { Style } from '../../../src/tui/widgets/paint.ts';
import { type Piece, paintPieces } from '../../../src/tui/widgets/pieces.ts';

const STYLES: readonly Style[] = [
  {},
  { bold: true },
  { dim: true },
  { inverse: true, bold: true },
  { italic: true },
  { color: 'red' },
  { color: 'grey' },
  { color: '#2f7fd6', bold: true },
  { color: '#c76a00', dim: true },
  { color: 'cyan', inverse: true },
];

/** The looks of all cells of a line. */
const looksOf = (line: string) => {
  const grid = makeGrid(40, 1);
  drawStyledLine(grid, 0, line);
  return grid.chars.map((character, i) => (character === ' ' ? '' : `${character} ${grid.fg[i]} ${grid.bg[i]}`));
};

test('each piece of a line keeps its own style on the way through Ink, whatever stands before it', () => {
  const lines = STYLES.flatMap((first) =>
    STYLES.map((second): readonly Piece[] => [
      { ...first, text: 'one' },
      { ...second, text: 'two' },
      { text: 'plain' },
      { ...first, text: 'last' },
    ]),
  ).map(paintPieces);
  const { lastFrame, unmount } = render(
    <Box flexDirection="column">
      {lines.map((line) => (
        <Text key={line}>{line}</Text>
      ))}
    </Box>,
  );
  const drawn = (lastFrame() ?? '').split('\n');
  unmount();
  expect(drawn.map(looksOf)).toEqual(lines.map(looksOf));
});
