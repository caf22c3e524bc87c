import { type Dialog, type OverlaysState, type ScreenState, withNote, withOverlays } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';
import { scrolledTop } from './page-keys.ts';

/** What a No keeps back, in words: the command that asked, and how many commands behind it. */
const keptBack = ({ command, token, queued = [] }: Dialog): string => {
  if (token === null && queued.length > 0) return `${queued.length} commands`;
  return queued.length === 0 ? command : `${command} and ${queued.length} more behind it`;
};

const decide = (screen: ScreenState, dialog: Dialog, yes: boolean): KeyResult => {
  const closed = withOverlays(screen, { dialog: null });
  const { command, token, queued = [] } = dialog;
  if (!yes) return { screen: withNote(closed, `not done: ${keptBack(dialog)}`) };
  // A dialog without a token asked before anything was said, so all of its commands are still to be run.
  const [first = command, ...rest] = queued;
  if (token === null) return { screen: closed, effect: { kind: 'run', text: first, queued: rest } };
  const behind = queued.length > 0 ? { queued } : {};
  return { screen: closed, effect: { kind: 'run', text: command, confirm: token, ...behind } };
};

/** A key within this time, in milliseconds, was on its way before anybody could read the question. */
export const UNREAD_MS = 300;
const DECIDING = new Set(['y', 'Y', 'enter', 'left', 'right']);

const isUnread = ({ came }: Dialog, now: number): boolean =>
  came !== undefined && now >= came && now - came < UNREAD_MS;

/** The overlays of a screen that comes back into sight: a dialog that came meanwhile has not been read. */
export const withUnreadDialog = (overlays: OverlaysState, now: number): OverlaysState =>
  overlays.dialog ? { ...overlays, dialog: { ...overlays.dialog, came: now } } : overlays;

/** How long an open dialog takes no Yes yet, in milliseconds; 0 where it does, or none is open. */
export const unreadFor = ({ dialog }: OverlaysState, now: number): number =>
  dialog && isUnread(dialog, now) ? dialog.came! + UNREAD_MS - now : 0;

/** The overlays where a dialog that has been there long enough takes every key, and shows it. */
export const withReadDialog = (overlays: OverlaysState, now: number): OverlaysState => {
  const { dialog } = overlays;
  if (dialog?.came === undefined || isUnread(dialog, now)) return overlays;
  const { came: _, ...read } = dialog;
  return { ...overlays, dialog: read };
};

/** What keys mean to an open dialog. Only what clearly means yes does; a key that closes things means no. */
export const handleDialogKey = (
  screen: ScreenState,
  key: string,
  dialog: Dialog,
  { now, page }: Pick<KeyContext, 'now' | 'page'>,
): KeyResult => {
  if (DECIDING.has(key) && isUnread(dialog, now)) return { screen };
  // A letter that scrolls a page may be the beginning of something else here.
  const top = [...key].length === 1 ? undefined : scrolledTop(key, dialog.top ?? 0, page);
  if (top !== undefined && page.most > 0) return { screen: withOverlays(screen, { dialog: { ...dialog, top } }) };
  switch (key) {
    case 'y':
    case 'Y':
      return dialog.interrupts ? { screen } : decide(screen, dialog, true);
    case 'n':
    case 'N':
    case 'esc':
    case 'q':
      return decide(screen, dialog, false);
    case 'enter':
      return decide(screen, dialog, dialog.yes);
    case 'left':
    case 'right':
      return { screen: withOverlays(screen, { dialog: { ...dialog, yes: !dialog.yes } }) };
    default: {
      const isLetter = [...key].length === 1;
      return { screen: isLetter ? withOverlays(screen, { dialog: { ...dialog, interrupts: true } }) : screen };
    }
  }
};

/** Text of several characters is meant for something else than the dialog, even where it begins with a y. */
export const handleDialogText = (screen: ScreenState, dialog: Dialog): KeyResult => ({
  screen: { ...withOverlays(screen, { dialog: { ...dialog, interrupts: true } }), leavingAt: null },
});
