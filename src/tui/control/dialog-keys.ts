import type { Dialog, ScreenState } from '../model/screen-state.ts';
import type { KeyResult } from './key.ts';

/** How many commands a No keeps back beside the one that asked. */
const countKeptBack = ({ token, queued = [] }: Dialog): string =>
  queued.length === 0 ? '' : token === null ? `${queued.length} commands` : ` and ${queued.length} more behind it`;

const decide = (view: ScreenState, dialog: Dialog, yes: boolean): KeyResult => {
  const closed = { ...view, dialog: null };
  const { command, token, queued = [] } = dialog;
  if (!yes) {
    const what = token === null ? countKeptBack(dialog) : `${command}${countKeptBack(dialog)}`;
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
export const withUnreadDialog = (view: ScreenState, now: number): ScreenState =>
  view.dialog ? { ...view, dialog: { ...view.dialog, came: now } } : view;

/** Only what clearly means yes does; everything that closes a dialogue means no, and so does the end of a command. */
export const handleDialogKey = (view: ScreenState, key: string, dialog: Dialog, now: number): KeyResult => {
  if (DECIDING.has(key) && isUnread(dialog, now)) return { view };
  switch (key) {
    case 'y':
    case 'Y':
      return dialog.interrupts ? { view } : decide(view, dialog, true);
    case 'n':
    case 'N':
    case 'esc':
    case 'q':
      return decide(view, dialog, false);
    case 'enter':
      return decide(view, dialog, dialog.yes);
    case 'left':
    case 'right':
      return { view: { ...view, dialog: { ...dialog, yes: !dialog.yes } } };
    default:
      return { view: [...key].length === 1 ? { ...view, dialog: { ...dialog, interrupts: true } } : view };
  }
};

/** Several characters at once are a word that is meant for something else, whatever it begins with. */
export const handleDialogText = (view: ScreenState, dialog: Dialog): KeyResult => ({
  view: { ...view, leaving: false, dialog: { ...dialog, interrupts: true } },
});
