import { Box, Text } from 'ink';
import { type Piece, spread } from './pieces.ts';

/** The inside of a box of this width, line by line, with a blank before each. */
export const BoxLines = ({ lines, width }: { lines: readonly (readonly Piece[])[]; width: number }) => (
  <Box flexDirection="column">
    {lines.map((pieces, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
      <Text key={i} wrap="truncate-end">
        {spread([{ text: ' ' }, ...pieces], [], width - 2)}
      </Text>
    ))}
  </Box>
);
