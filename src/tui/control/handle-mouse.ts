import type { MouseReport } from '../input/mouse-report.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { containsCell } from '../panes/pane-bounds.ts';
import { scrollPane } from '../panes/scrolling.ts';
import { beginTyping } from '../panes/typing.ts';
import type { KeyContext, KeyResult } from './key.ts';
import { handlePageKey } from './page-keys.ts';

/** Two presses within this time, in milliseconds, are a double one. */
const DOUBLE_MS = 400;
const LEFT = 0;

const pressPane = (view: ScreenState, id: string, { now }: KeyContext): KeyResult => {
  const again = view.clicked?.id === id && now - view.clicked.at <= DOUBLE_MS;
  const scroll = view.selected === id ? view.scroll : null;
  // Half a command goes on as one, whatever is looked at meanwhile.
  const mode = view.prompt.characters.length > 0 || view.prompt.search ? view.mode : 'panes';
  const selected: ScreenState = { ...view, mode, selected: id, scroll, clicked: { id, at: now } };
  return again ? beginTyping({ ...selected, clicked: null }) : { view: selected };
};

const turnWheel = (view: ScreenState, event: MouseReport, context: KeyContext): KeyResult => {
  const up = event.action === 'wheel-up';
  if (view.page) return handlePageKey(view, up ? 'up' : 'down', context) ?? { view };
  const place = context.bounds.find(({ pane }) => containsCell(pane, event));
  // Whoever turns the wheel over a pane means that one.
  if (!place) return { view };
  const on = view.selected === place.id ? view : { ...view, selected: place.id, scroll: null };
  return { view: scrollPane(on, up ? 'wheel-up' : 'wheel-down', context) };
};

/** What the mouse does while no agent has the keyboard: a press selects, a double one types, the wheel reads back. */
export const handleMouse = (view: ScreenState, event: MouseReport, context: KeyContext): KeyResult => {
  if (view.dialog) return { view };
  if (event.action === 'wheel-up' || event.action === 'wheel-down') return turnWheel(view, event, context);
  if (event.action !== 'press' || event.button !== LEFT || view.page) return { view };
  const place = context.bounds.find(({ frame }) => containsCell(frame, event));
  return place ? pressPane(view, place.id, context) : { view };
};
