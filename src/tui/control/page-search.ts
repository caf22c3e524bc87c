import { endsSearch, matchRows, nextRow, SEARCH_STEPS, shortenedBy, topToShow } from '../model/text-search.ts';
import { type Page, type ScreenState, withOverlays } from '../model/screen-state.ts';
import type { KeyContext, KeyHandler } from './key.ts';
import { scrolledTop } from './page-keys.ts';

type Context = Pick<KeyContext, 'page' | 'pageRows'>;

const withPage = (screen: ScreenState, page: Page): ScreenState => withOverlays(screen, { page });

/** What is looked for, from which row on, and which way. */
type Wanted = { readonly text: string; readonly from: number; readonly step: 1 | -1 };

/** The page at the first row from one on in which the text begins, or the last one before it; where it is nowhere, it stays as it is. */
const goTo = (page: Page, { text, from, step }: Wanted, context: Context): Page => {
  const at = nextRow(matchRows(context.pageRows(page), text), from, step);
  const { most, height } = context.page;
  const top = Math.min(most, page.top);
  return { ...page, search: { text, at }, top: at === null ? top : Math.min(most, topToShow(at, top, height)) };
};

/** Begins to search the text of a page. */
export const beginPageSearch = (screen: ScreenState, page: Page): ScreenState =>
  withPage(screen, { ...page, search: { text: '', at: null } });

/** Looks for another text, from what was found on. */
const searchFor = (page: Page, text: string, context: Context): Page =>
  goTo(page, { text, from: page.search?.at ?? Math.min(context.page.most, page.top), step: 1 }, context);

/** Whether the text of the page in front is searched, so that letters are what is looked for. */
export const isSearchingPage = ({ overlays }: ScreenState): boolean => overlays.page?.search !== undefined;

/** Adds to what is looked for in the page. */
export const typePageSearch = (screen: ScreenState, typed: string, context: Context): ScreenState => {
  const { page } = screen.overlays;
  return page?.search ? withPage(screen, searchFor(page, page.search.text + typed, context)) : screen;
};

const ended = ({ search: _, ...page }: Page): Page => page;

/** What keys mean while a page is searched: Enter and the arrows go from match to match, Esc ends it where it has led to. */
export const handlePageSearchKey: KeyHandler = (screen, key, context) => {
  const { page } = screen.overlays;
  if (!page?.search) return undefined;
  const { text, at } = page.search;
  const step = SEARCH_STEPS[key];
  if (step !== undefined)
    return { screen: withPage(screen, goTo(page, { text, from: (at ?? page.top) + step, step }, context)) };
  if (endsSearch(key, text)) return { screen: withPage(screen, ended(page)) };
  const shorter = shortenedBy(key, text);
  if (shorter !== undefined) return { screen: withPage(screen, searchFor(page, shorter, context)) };
  const top = key.startsWith('page') ? scrolledTop(key, page.top, context.page) : undefined;
  return { screen: top === undefined ? screen : withPage(screen, { ...page, top }) };
};
