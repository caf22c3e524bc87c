import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { paint, type Style } from './paint.ts';
import { type Piece, spread, widthOf } from './pieces.ts';

type FrameProps = {
  readonly width: number;
  readonly height: number;
  readonly title: readonly Piece[];
  /** The text at the right end of the upper edge. */
  readonly note?: readonly Piece[];
  /** The texts at the left and the right end of the lower edge. */
  readonly foot?: readonly (readonly Piece[])[];
  readonly style: Style;
  /** Whether the line is heavier, for the selected one of several frames. */
  readonly heavy?: boolean;
  /** Whether the line is double, for the agent that has the keyboard. */
  readonly doubled?: boolean;
  readonly children?: ReactNode;
};

const LIGHT = { corners: ['╭', '╮', '╰', '╯'], across: '─', down: '│' } as const;
const HEAVY = { corners: ['┏', '┓', '┗', '┛'], across: '━', down: '┃' } as const;

const DOUBLE = { corners: ['╔', '╗', '╚', '╝'], across: '═', down: '║' } as const;

const padPieces = (pieces: readonly Piece[]): readonly Piece[] =>
  widthOf(pieces) === 0 ? [] : [{ text: ' ' }, ...pieces, { text: ' ' }];

/** A box with its title in the upper edge; what does not fit is cut. */
export const Frame = ({ width, height, title, note = [], foot = [], style, ...rest }: FrameProps) => {
  const { heavy = false, doubled = false, children } = rest;
  const { corners, across, down } = doubled ? DOUBLE : heavy ? HEAVY : LIGHT;
  const inner = Math.max(0, width - 2);
  const edge = { ...style, text: across };
  const line = (left: readonly Piece[], right: readonly Piece[]): string =>
    spread([edge, ...padPieces(left)], right.length === 0 ? [] : [...padPieces(right), edge], inner, edge);
  const side = Array.from({ length: Math.max(0, height - 2) }, () => paint(down, style)).join('\n');
  return (
    <Box width={width} height={height} flexDirection="column">
      <Text wrap="truncate-end">{paint(corners[0], style) + line(title, note) + paint(corners[1], style)}</Text>
      <Box height={Math.max(0, height - 2)}>
        <Text>{side}</Text>
        <Box width={inner} flexDirection="column">
          {children}
        </Box>
        <Text>{side}</Text>
      </Box>
      <Text wrap="truncate-end">
        {paint(corners[2], style) + line(foot[0] ?? [], foot[1] ?? []) + paint(corners[3], style)}
      </Text>
    </Box>
  );
};
