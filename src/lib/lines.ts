const NONE: readonly string[] = [];

/**
 * Cuts text that comes in pieces into lines. A line that comes in many pieces is not searched again for each of them,
 * so its time grows with its length only.
 */
export const makeLineCutter = () => {
  let begun = '';
  return {
    /** The lines that this piece ends, without their line feeds. */
    push: (piece: string): readonly string[] => {
      if (!piece.includes('\n')) {
        begun += piece;
        return NONE;
      }
      const lines = piece.split('\n');
      lines[0] = begun + lines[0]!;
      begun = lines.pop()!;
      return lines;
    },
    /** The line that has begun and not ended yet. */
    get begun(): string {
      return begun;
    },
  };
};
