import { Box, Text } from 'ink';
import { columnWidths, GAP, shownColumns } from '../tabs/tab-window.ts';
import { fitPieces, type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Line = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly chosen: boolean };
type Column = { readonly width: number; readonly title: Line; readonly lines: readonly Line[] };
type Props = { readonly columns: readonly Column[]; readonly width: number; readonly height: number };

/** Says which lines of a column are shown, where there are more than fit. */
const partOf = (top: number, shown: number, count: number): readonly Piece[] =>
  count > shown ? [{ text: `${top + 1}–${top + shown} of ${count} `, dim: true }] : [];

const Row = ({ line, width }: { line: Line; width: number }) => {
  const look = (pieces: readonly Piece[]) =>
    line.chosen ? pieces.map(({ text, bold }) => ({ text, inverse: true, ...(bold ? { bold } : {}) })) : pieces;
  return (
    <Text wrap="truncate-end">
      {spread(look(line.left), look(line.right), width, line.chosen ? { text: ' ', inverse: true } : undefined)}
    </Text>
  );
};

/** The view that is open in place of the panes: columns of lines, of which one can be selected. */
export const tabPanel: Panel<Props> = {
  id: 'tab',
  z: 2,
  rect: ({ layout, open }) => (open ? shownRect(layout.grid) : null),
  select: ({ open, screen }, { width, height }) => {
    if (!open) return { columns: [], width, height };
    const { body, context } = open;
    const shares = columnWidths(
      body.columns.map(({ weight }) => weight),
      width,
    );
    const columns = shownColumns(body, context.own, Math.max(0, height - 1)).map((column, i): Column => {
      const share = shares[i]!;
      const part = partOf(column.top, column.lines.length, column.count);
      const title = fitPieces([{ text: ' ' }, ...column.title], Math.max(0, share - widthOf(part)));
      const none = column.empty === undefined ? [] : [{ text: `  ${column.empty}`, dim: true }];
      const lines: readonly Line[] =
        column.count === 0
          ? [{ left: none, right: [], chosen: false }]
          : column.lines.map(({ pieces, right = [], chosen }, at) => {
              const isChosen = at >= column.at && at < column.end && screen.focus === 'panes';
              return {
                left: fitPieces((isChosen && chosen) || pieces, share),
                right,
                chosen: isChosen && chosen === undefined,
              };
            });
      return { width: share, title: { left: title, right: part, chosen: false }, lines };
    });
    return { columns, width, height };
  },
  View: ({ columns, width, height }) => (
    <Box width={width} height={height}>
      {columns.map((column, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
        <Box key={i} width={column.width} marginLeft={i === 0 ? 0 : GAP} flexDirection="column">
          <Row line={column.title} width={column.width} />
          {column.lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
            <Row key={at} line={line} width={column.width} />
          ))}
        </Box>
      ))}
    </Box>
  ),
};
