import type { Key } from './keys.ts';
import { type Dialog, draw, view } from './screen.ts';

type Waiting = { readonly dialog: Dialog; readonly done: (row: string | null) => void };

const queue: Waiting[] = [];

const showNext = (): void => {
  view.dialog = queue[0]?.dialog ?? null;
  draw();
};

/** Shows a dialog, behind those that stand already; resolves with the chosen row, or null when it was closed. */
export const choose = (dialog: Omit<Dialog, 'marked'>): Promise<string | null> =>
  new Promise((resolve) => {
    queue.push({ dialog: { ...dialog, marked: 0 }, done: resolve });
    showNext();
  });

/** Ends all dialogs as closed. */
export const closeDialogs = (): void => {
  for (const { done } of queue.splice(0)) done(null);
  showNext();
};

/** A key for the dialog that stands there; letters mean nothing. */
export const pressInDialog = (key: Key): void => {
  const [first] = queue;
  if (!first) return;
  const { dialog, done } = first;
  const last = dialog.rows.length - 1;
  if (key === 'Down') dialog.marked = Math.min(last, dialog.marked + 1);
  if (key === 'Up') dialog.marked = Math.max(0, dialog.marked - 1);
  if (key === 'Enter' || key === 'Escape') {
    queue.shift();
    done(key === 'Enter' ? dialog.rows[dialog.marked]! : null);
  }
  showNext();
};
