import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { type FrameLook, frameEdges } from './frame-lines.ts';

/** A box with its title in the upper edge; what does not fit is cut. */
export const Frame = ({ children, ...look }: FrameLook & { readonly children?: ReactNode }) => {
  const { width, height } = look;
  const { top, bottom, side, inner } = frameEdges(look);
  const sides = Array.from({ length: Math.max(0, height - 2) }, () => side).join('\n');
  return (
    <Box width={width} height={height} flexDirection="column">
      <Text wrap="truncate-end">{top}</Text>
      <Box height={Math.max(0, height - 2)}>
        <Text>{sides}</Text>
        <Box width={inner} flexDirection="column">
          {children}
        </Box>
        <Text>{sides}</Text>
      </Box>
      <Text wrap="truncate-end">{bottom}</Text>
    </Box>
  );
};
