import type { KeyHandler } from './key.ts';

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
export const handlePageKey: KeyHandler = (view, key, { page: { height, most } }) => {
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
