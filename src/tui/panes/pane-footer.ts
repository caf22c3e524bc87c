import { type Action, isNamed } from '../control/key-table.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Piece } from '../widgets/pieces.ts';
import { CHORD_LABEL } from './typing.ts';

type Key = (label: string, help: string) => readonly Piece[];

/** How many cells the footer needs to show all keys; below, only the most used ones stand in it. */
const WIDE = 100;

const wayBack = (text: string, keys: string): readonly Piece[] => [
  { text: ` ${text} · ${keys} `, inverse: true, bold: true },
];

/** What the footer says while the keys do not mean what they usually do; null while they do. */
export const paneFooter = ({ screen, reading }: ScreenModel, key: Key): readonly Piece[] | null => {
  const { typing, scroll } = screen.panes;
  if (screen.isFrozen) return wayBack('frozen: select text with the mouse', 'any key goes on');
  if (typing?.over != null) return wayBack(`${typing.id}: ${typing.over}`, 'Enter goes back');
  if (typing) {
    const more = scroll ? key('End', 'live') : key('Shift-PgUp', 'read back');
    return [...wayBack(`keys go to ${typing.id}`, `${CHORD_LABEL} returns`), ...more];
  }
  if (!scroll) return null;
  const place = reading ? `line ${reading.first + 1} of ${reading.lines}` : 'reading…';
  return [{ text: ` ${place} `, inverse: true }, ...key('PgUp PgDn Home', 'read'), ...key('End', 'back to live')];
};

/** The keys of the panes. */
export const paneHints = ({ screen, layout, attention, questions }: ScreenModel, key: Key): readonly Piece[] => {
  const named = (action: Action, label: string, help: string) =>
    isNamed(action, attention.maySay) ? key(label, help) : [];
  const wide = layout.screen.width >= WIDE;
  const select = wide ? key('←↓↑→', 'select') : [];
  const zoom = screen.panes.isZoomed ? key('Esc', 'all panes') : key('z', 'zoom');
  const layouts = wide ? key('v', 'layout') : [];
  const isAsked = screen.panes.selected !== null && questions.has(screen.panes.selected);
  // Enter answers before it types; to type into an agent is to be attached to it.
  const enter = isAsked ? named('answer', 'Enter', 'answer') : named('attach', 'Enter', 'type');
  const first = [...select, ...enter, ...zoom, ...layouts, ...named('attach', 'a', 'attach')];
  return [...first, ...key('n', 'next waiting'), ...key(':', 'command'), ...key('?', 'keys'), ...key('q', 'leave')];
};
