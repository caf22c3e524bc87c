import { Text } from 'ink';
import { oneLine } from '../../lib/text.ts';
import { type Panel, shownRect } from '../panel.ts';
import { pressingAlert } from '../scene.ts';
import { suggestionText } from '../suggestion.ts';
import { fitText, type Piece, spread, widthOf } from '../widgets/line.ts';
import type { Style } from '../widgets/paint.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

const LOOKS = {
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  warning: { glyph: '!', style: { color: 'yellow', bold: true } },
  info: { glyph: 'i', style: { color: 'cyan' } },
} as const satisfies Record<string, { glyph: string; style: Style }>;

/** Cells that the command which helps has at least. */
const LEAST_HELP = 16;

/** The most pressing alert with the command that helps. */
export const bannerPanel: Panel<Props> = {
  id: 'banner',
  z: 1,
  rect: ({ layout }) => shownRect(layout.banner),
  select: ({ state, view }, { width }) => {
    const alert = pressingAlert(state.alerts, view.selected);
    if (!alert) return { width, left: [], right: [] };
    const { glyph, style } = LOOKS[alert.severity];
    const others = Object.keys(state.alerts).length - 1;
    const key = view.mode === 'prompt' ? 'Ctrl-G' : 'g';
    const left = [
      { ...style, text: ` ${glyph} ${oneLine(alert.text)}` },
      { text: others > 0 ? `  +${others} more` : '', dim: true },
    ];
    if (alert.suggestion === null) return { width, left, right: [] };
    // What happened is said before what helps; the keys tell enough of that.
    const room = Math.max(LEAST_HELP, width - widthOf(left) - key.length - 5);
    const help = fitText(oneLine(suggestionText(alert.suggestion)), room);
    const right = [
      { text: ` ${key} `, inverse: true },
      { text: ` ${help} `, bold: true },
    ];
    return { width, left, right };
  },
  View: ({ left, right, width }) => <Text>{spread(left, right, width)}</Text>,
};
