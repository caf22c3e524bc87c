import { Text } from 'ink';
import { shownLine } from '../../lib/text.ts';
import { suggestionText } from '../answering/suggestion.ts';
import { mostPressingAlert } from '../model/alert-urgency.ts';
import { withRelativeTimes } from '../model/relative-times.ts';
import { ALERT_MARKS } from '../model/state-marks.ts';
import { fitText, type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

/** Cells that the command which helps has at least. */
const LEAST_HELP = 16;

/** The most pressing alert with the command that helps. */
export const bannerPanel: Panel<Props> = {
  id: 'banner',
  z: 1,
  rect: ({ layout }) => shownRect(layout.banner),
  select: ({ state, screen, now }, { width }) => {
    const alert = mostPressingAlert(state.alerts, screen.panes.selected);
    if (!alert) return { width, left: [], right: [] };
    const { glyph, style } = ALERT_MARKS[alert.severity];
    const others = Object.keys(state.alerts).length - 1;
    const key = screen.focus === 'prompt' ? 'Ctrl-G' : 'g';
    const left = [
      { ...style, text: ` ${glyph} ${withRelativeTimes(shownLine(alert.text), now)}` },
      { text: others > 0 ? `  +${others} more` : '', dim: true },
    ];
    if (alert.suggestion === null) return { width, left, right: [] };
    // The alert's own text has the room first: the key alone tells enough of the command that helps.
    const room = Math.max(LEAST_HELP, width - widthOf(left) - key.length - 5);
    const help = fitText(shownLine(suggestionText(alert.suggestion)), room);
    const right = [
      { text: ` ${key} `, inverse: true },
      { text: ` ${help} `, bold: true },
    ];
    return { width, left, right };
  },
  View: ({ left, right, width }) => <Text>{spread(left, right, width)}</Text>,
};
