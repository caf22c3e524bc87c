import type { Dialog, ScreenState } from '../model/screen-state.ts';
import type { KeyHandler, Pressed } from './key.ts';

/** How many commands a No keeps back beside the one that asked. */
const keptBack = ({ token, queued = [] }: Dialog): string =>
  queued.length === 0 ? '' : token === null ? `${queued.length} commands` : ` and ${queued.length} more behind it`;

const decided = (view: ScreenState, dialog: Dialog, yes: boolean): Pressed => {
  const closed = { ...view, dialog: null };
  const { command, token, queued = [] } = dialog;
  if (!yes) {
    const what = token === null ? keptBack(dialog) : `${command}${keptBack(dialog)}`;
    return { view: { ...closed, answer: { tone: 'note', text: `not done: ${what}`, hint: null } } };
  }
  // Without a token the question was ours: all of the commands are still to be said.
  const [first = command, ...rest] = queued;
  if (token === null) return { view: closed, effect: { kind: 'run', text: first, queued: rest } };
  const behind = queued.length > 0 ? { queued } : {};
  return { view: closed, effect: { kind: 'run', text: command, confirm: token, ...behind } };
};

/** A key within this time, in milliseconds, was on its way before anybody could read the question. */
export const UNREAD_MS = 300;
const DECIDING = new Set(['y', 'Y', 'enter', 'left', 'right']);

const isUnread = ({ came }: Dialog, now: number): boolean =>
  came !== undefined && now >= came && now - came < UNREAD_MS;

/** The view as it comes back into sight: a question that came meanwhile has not been read. */
export const inSight = (view: ScreenState, now: number): ScreenState =>
  view.dialog ? { ...view, dialog: { ...view.dialog, came: now } } : view;

/** Only what clearly means yes does; everything that closes a dialogue means no, and so does the end of a command. */
export const dialogKey = (view: ScreenState, key: string, dialog: Dialog, now: number): Pressed => {
  if (DECIDING.has(key) && isUnread(dialog, now)) return { view };
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

/** Several characters at once are a word that is meant for something else, whatever it begins with. */
export const dialogText = (view: ScreenState, dialog: Dialog): Pressed => ({
  view: { ...view, leaving: false, dialog: { ...dialog, interrupts: true } },
});

/** By how many lines a key scrolls a page of so many that are shown at once. */
const SCROLLS: Readonly<Record<string, (height: number) => number>> = {
  up: () => -1,
  k: () => -1,
  down: () => 1,
  j: () => 1,
  // One line of the screen before stays, to go on reading from.
  pageup: (height) => 1 - height,
  pagedown: (height) => height - 1,
  ' ': (height) => height - 1,
  home: () => Number.NEGATIVE_INFINITY,
  end: () => Number.POSITIVE_INFINITY,
};

/** A page scrolls, and closes with the keys that close things. */
export const pageKey: KeyHandler = (view, key, { page: { height, most } }) => {
  const page = view.page;
  if (!page) return undefined;
  const by = SCROLLS[key]?.(height);
  if (by !== undefined) {
    const top = Math.min(most, page.top);
    return { view: { ...view, page: { ...page, top: Math.min(most, Math.max(0, top + by)) } } };
  }
  if (['esc', 'q', 'enter', '?'].includes(key)) return { view: { ...view, page: null } };
  // A command may follow at once.
  if ([':', '/', 'i', 'tab'].includes(key)) return { view: { ...view, page: null, mode: 'prompt' } };
  return undefined;
};
