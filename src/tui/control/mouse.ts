import type { MouseReport } from '../input/mouse-report.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { inside } from '../panes/places.ts';
import { scrolled } from '../panes/scrolling.ts';
import { beginTyping } from '../panes/typing.ts';
import type { KeyContext, Pressed } from './key.ts';
import { pageKey } from './overlay-keys.ts';

/** Two presses within this time, in milliseconds, are a double one. */
const DOUBLE_MS = 400;
const LEFT = 0;

const pressedOn = (view: ScreenState, id: string, { now }: KeyContext): Pressed => {
  const again = view.clicked?.id === id && now - view.clicked.at <= DOUBLE_MS;
  const scroll = view.selected === id ? view.scroll : null;
  // Half a command goes on as one, whatever is looked at meanwhile.
  const mode = view.prompt.characters.length > 0 || view.prompt.search ? view.mode : 'panes';
  const selected: ScreenState = { ...view, mode, selected: id, scroll, clicked: { id, at: now } };
  return again ? beginTyping({ ...selected, clicked: null }) : { view: selected };
};

const wheeled = (view: ScreenState, event: MouseReport, around: KeyContext): Pressed => {
  const up = event.action === 'wheel-up';
  if (view.page) return pageKey(view, up ? 'up' : 'down', around) ?? { view };
  const place = around.places.find(({ pane }) => inside(pane, event));
  // Whoever turns the wheel over a pane means that one.
  if (!place) return { view };
  const on = view.selected === place.id ? view : { ...view, selected: place.id, scroll: null };
  return { view: scrolled(on, up ? 'wheel-up' : 'wheel-down', around) };
};

/** What the mouse does while no agent has the keyboard: a press selects, a double one types, the wheel reads back. */
export const mousePressed = (view: ScreenState, event: MouseReport, around: KeyContext): Pressed => {
  if (view.dialog) return { view };
  if (event.action === 'wheel-up' || event.action === 'wheel-down') return wheeled(view, event, around);
  if (event.action !== 'press' || event.button !== LEFT || view.page) return { view };
  const place = around.places.find(({ frame }) => inside(frame, event));
  return place ? pressedOn(view, place.id, around) : { view };
};
