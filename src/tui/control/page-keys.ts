import { withOverlays } from '../model/screen-state.ts';
import type { KeyHandler, PageRoom } from './key.ts';
import { chooseSuggestion, isPageDigit } from './page-suggestions.ts';

/** By how many lines a key scrolls a page of which so many are shown at once. */
const SCROLLS: Readonly<Record<string, (height: number) => number>> = {
  up: () => -1,
  k: () => -1,
  down: () => 1,
  j: () => 1,
  // A page further, the last line stays in view, to go on reading from.
  pageup: (height) => 1 - height,
  pagedown: (height) => height - 1,
  ' ': (height) => height - 1,
  home: () => Number.NEGATIVE_INFINITY,
  end: () => Number.POSITIVE_INFINITY,
};

const CLOSING = new Set(['esc', 'q', 'enter', '?']);
/** Keys that close a page because a command follows. */
const TO_PROMPT = new Set([':', 'i', 'tab']);

/** The first line that is shown after a key; undefined where the key does not scroll. */
export const scrolledTop = (key: string, top: number, { most, height }: PageRoom): number | undefined => {
  const by = SCROLLS[key]?.(height);
  return by === undefined ? undefined : Math.min(most, Math.max(0, Math.min(most, top) + by));
};

/** What keys mean to an open page: it scrolls, its suggestions are chosen, and it closes with the keys that close things. */
export const handlePageKey: KeyHandler = (screen, key, context) => {
  const { page } = screen.overlays;
  if (!page) return undefined;
  const top = scrolledTop(key, page.top, context.page);
  if (top !== undefined) return { screen: withOverlays(screen, { page: { ...page, top } }) };
  if (isPageDigit(screen, key)) return chooseSuggestion(screen, key, context);
  const closed = withOverlays(screen, { page: null });
  if (CLOSING.has(key)) return { screen: withOverlays(screen, { page: page.under ?? null }) };
  return TO_PROMPT.has(key) ? { screen: { ...closed, focus: 'prompt' } } : undefined;
};
