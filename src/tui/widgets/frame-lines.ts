import { paint, type Style } from './paint.ts';
import { type Piece, spread, widthOf } from './pieces.ts';

export type FrameLook = {
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
};

const LIGHT = { corners: ['╭', '╮', '╰', '╯'], across: '─', down: '│' } as const;
const HEAVY = { corners: ['┏', '┓', '┗', '┛'], across: '━', down: '┃' } as const;

const DOUBLE = { corners: ['╔', '╗', '╚', '╝'], across: '═', down: '║' } as const;

const padPieces = (pieces: readonly Piece[]): readonly Piece[] =>
  widthOf(pieces) === 0 ? [] : [{ text: ' ' }, ...pieces, { text: ' ' }];

/** What a frame is drawn of: both edges from corner to corner, and a cell of its sides. What does not fit is cut. */
export const frameEdges = ({ width, title, note = [], foot = [], style, heavy, doubled }: FrameLook) => {
  const { corners, across, down } = doubled ? DOUBLE : heavy ? HEAVY : LIGHT;
  const inner = Math.max(0, width - 2);
  const edge = { ...style, text: across };
  const line = (left: readonly Piece[], right: readonly Piece[]): string =>
    spread([edge, ...padPieces(left)], right.length === 0 ? [] : [...padPieces(right), edge], inner, edge);
  return {
    top: paint(corners[0], style) + line(title, note) + paint(corners[1], style),
    bottom: paint(corners[2], style) + line(foot[0] ?? [], foot[1] ?? []) + paint(corners[3], style),
    side: paint(down, style),
    inner,
  };
};

/** A frame as the lines of its height: `first` stands below its upper edge and is as wide as its inside, which is blank otherwise. */
export const frameLines = (look: FrameLook, first: string): readonly string[] => {
  const { top, bottom, side, inner } = frameEdges(look);
  const blank = side + ' '.repeat(inner) + side;
  const middle = Array.from({ length: Math.max(0, look.height - 2) }, (_, n) =>
    n === 0 ? side + first + side : blank,
  );
  return [top, ...middle, bottom].slice(0, look.height);
};
