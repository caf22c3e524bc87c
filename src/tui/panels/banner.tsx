import { Text } from 'ink';
import { oneLine } from '../../lib/text.ts';
import { type Panel, shownRect } from '../panel.ts';
import { pressingAlert } from '../scene.ts';
import { type Piece, spread } from '../widgets/line.ts';
import type { Style } from '../widgets/paint.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

const LOOKS = {
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  warning: { glyph: '!', style: { color: 'yellow', bold: true } },
  info: { glyph: 'i', style: { color: 'cyan' } },
} as const satisfies Record<string, { glyph: string; style: Style }>;

/** The most pressing alert with the command that helps. */
export const bannerPanel: Panel<Props> = {
  id: 'banner',
  z: 1,
  rect: ({ layout }) => shownRect(layout.banner),
  select: ({ state, view }, { width }) => {
    const alert = pressingAlert(state.alerts);
    if (!alert) return { width, left: [], right: [] };
    const { glyph, style } = LOOKS[alert.severity];
    const others = Object.keys(state.alerts).length - 1;
    const key = view.mode === 'prompt' ? 'Ctrl-G' : 'g';
    return {
      width,
      left: [
        { ...style, text: ` ${glyph} ${oneLine(alert.text)}` },
        { text: others > 0 ? `  +${others} more` : '', dim: true },
      ],
      right:
        alert.suggestion === null
          ? []
          : [
              { text: ` ${key} `, inverse: true },
              { text: ` ${oneLine(alert.suggestion)} `, bold: true },
            ],
    };
  },
  View: ({ left, right, width }) => <Text>{spread(left, right, width)}</Text>,
};
