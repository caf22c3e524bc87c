import { shownLine } from '../../lib/text.ts';
import { suggestionText } from '../answering/suggestion.ts';
import { sortByUrgency } from '../model/alert-urgency.ts';
import { ageOf } from '../model/relative-times.ts';
import { ALERT_MARKS } from '../model/state-marks.ts';
import type { Tab, TabLine } from './tab.ts';

/** What a person should know, the gravest first, each with the command that helps. */
export const alertsTab: Tab = {
  modes: [],
  holdsSelection: true,
  body: ({ state, now }) => {
    const lines = sortByUrgency(Object.values(state.alerts)).flatMap((alert): TabLine[] => {
      const { glyph, style } = ALERT_MARKS[alert.severity];
      return [
        {
          id: alert.id,
          pieces: [
            { ...style, text: ` ${glyph} ` },
            { text: shownLine(alert.text), bold: true },
          ],
          right: [{ text: `${ageOf(alert.raised_at, now)} `, dim: true }],
        },
        {
          pieces: [
            { text: '     ' },
            alert.suggestion === null
              ? { text: 'nothing has to be done', dim: true }
              : { text: shownLine(suggestionText(alert.suggestion)), color: 'cyan' },
          ],
        },
      ];
    });
    return { columns: [{ title: [{ text: 'alerts', bold: true }], lines, weight: 1, empty: 'Nothing needs you.' }] };
  },
  keys: [
    {
      keys: ['enter'],
      label: 'Enter',
      help: 'do what helps',
      command: (id, { state }) => state.alerts[id]?.suggestion ?? null,
    },
    { keys: ['s'], label: 's', help: 'show', command: (id) => `show alert "${id}"` },
    { keys: ['x'], label: 'x', help: 'put away', command: (id) => `clear alert "${id}"` },
  ],
};
