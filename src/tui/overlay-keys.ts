import type { KeyHandler, Pressed } from './keys.ts';
import type { Dialog, View } from './view-state.ts';

const decided = (view: View, { command, token }: Dialog, yes: boolean): Pressed => {
  const closed = { ...view, dialog: null };
  if (yes) return { view: closed, effect: { kind: 'run', text: command, confirm: token } };
  return { view: { ...closed, answer: { tone: 'note', text: `not done: ${command}`, hint: null } } };
};

/** Only what clearly means yes does; everything that closes a dialogue means no, and so does the end of a command. */
export const dialogKey = (view: View, key: string, dialog: Dialog): Pressed => {
  switch (key) {
    case 'y':
    case 'Y':
      return dialog.interrupts ? { view } : decided(view, dialog, true);
    case 'n':
    case 'N':
    case 'esc':
    case 'q':
      return decided(view, dialog, false);
    case 'enter':
      return decided(view, dialog, dialog.yes);
    case 'left':
    case 'right':
      return { view: { ...view, dialog: { ...dialog, yes: !dialog.yes } } };
    default:
      return { view: [...key].length === 1 ? { ...view, dialog: { ...dialog, interrupts: true } } : view };
  }
};

const SCROLLS: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  pageup: -10,
  pagedown: 10,
  ' ': 10,
  home: Number.NEGATIVE_INFINITY,
};

/** A page scrolls, and closes with the keys that close things. */
export const pageKey: KeyHandler = (view, key) => {
  const page = view.page;
  if (!page) return undefined;
  const by = SCROLLS[key];
  if (by !== undefined) {
    const last = Math.max(0, (page.lines?.length ?? 0) - 1);
    return { view: { ...view, page: { ...page, top: Math.min(last, Math.max(0, page.top + by)) } } };
  }
  if (['esc', 'q', 'enter', '?'].includes(key)) return { view: { ...view, page: null } };
  // A command may follow at once.
  if ([':', '/', 'i', 'tab'].includes(key)) return { view: { ...view, page: null, mode: 'prompt' } };
  return undefined;
};
