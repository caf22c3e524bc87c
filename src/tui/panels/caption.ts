import { spread } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Props = { readonly lines: readonly string[]; readonly width: number };

const LOOK = { color: 'cyan', bold: true, inverse: true } as const;

/** What a guide says, above everything else and in a look that nothing else has: nobody misses it. */
export const captionPanel: Panel<Props> = {
  id: 'caption',
  z: 1,
  rect: ({ layout }) => shownRect(layout.caption),
  select: ({ caption }, { width, height }) => ({ lines: caption.slice(0, height), width }),
  lines: ({ lines, width }) => lines.map((text) => spread([{ ...LOOK, text }], [], width, { ...LOOK, text: ' ' })),
};
