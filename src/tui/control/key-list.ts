import { PROMPT_HELP } from '../prompt/prompt-keys.ts';
import { tabOf } from '../tabs/index.ts';
import { TAB_IDS, type TabId, tabTitle } from '../tabs/tab-ids.ts';
import { TAB_MOVES } from '../tabs/tab-navigation.ts';
import { initialTab, type ShownView, type TabState } from '../tabs/tab-state.ts';
import { ACTIONS, type Action, KEY_TABLE, rowOf, USES } from './key-table.ts';
import { EVERYWHERE, PANE_BINDINGS } from './pane-keys.ts';

type Line = { readonly label: string; readonly help: string };
type Group = { readonly title: string; readonly lines: readonly Line[] };

/** Keys that are heard whichever view is open, and are no binding of one. */
const ABOVE_VIEWS: ReadonlySet<Action> = new Set(['views', 'back', 'suggested']);

/** What is bound in a view, with how the view itself calls it. */
export const boundIn = (view: TabId, shown: TabState = initialTab): ReadonlyMap<Action, string> => {
  const tab = tabOf(view);
  const own = new Map((tab?.keys ?? []).map(({ action, help }) => [action, help]));
  const folds = tab?.folds?.(shown) ?? null;
  const isBound = (action: Action): boolean => {
    if (own.has(action) || ABOVE_VIEWS.has(action) || EVERYWHERE.has(action)) return true;
    if (!tab) return Object.hasOwn(PANE_BINDINGS, action);
    if (action === 'zoom') return folds !== null;
    if (action === 'way') return tab.modes.length > 1;
    return Object.hasOwn(TAB_MOVES, action);
  };
  return new Map(ACTIONS.filter(isBound).map((action) => [action, own.get(action) ?? '']));
};

/** What a key does in a view, in words: of the ways to show it, those of the view; of what is folded, what is folded there. */
const helpIn = (view: TabId, action: Action, shown: TabState): string => {
  const { help, here = {} } = rowOf(action);
  const tab = tabOf(view);
  const folds = action === 'zoom' ? (tab?.folds?.(shown) ?? null) : null;
  if (folds !== null) return typeof folds === 'string' ? `all ${folds}; again: as before` : folds.join('; again: ');
  if (action === 'way' && tab) return `show it in another way: ${tab.modes.join(', ')}`;
  return here[view] ?? (tab ? here.others : undefined) ?? help;
};

/** The keys of a view by what they are for, and those of the command line; without those that are not named to its reader. */
export const keyGroups = (of: ShownView, unnamed: readonly Action[] = []): readonly Group[] => {
  const { view, own } = typeof of === 'string' ? { view: of, own: initialTab } : of;
  const bound = [...boundIn(view, own).keys()].filter((action) => !unnamed.includes(action));
  const groups = Object.entries(USES).map(([use, title]): Group => {
    const actions = bound.filter((action) => KEY_TABLE[action].use === use);
    const lines = actions.map((action) => ({ label: KEY_TABLE[action].label, help: helpIn(view, action, own) }));
    return { title, lines };
  });
  return [...groups.filter(({ lines }) => lines.length > 0), { title: 'Command line', lines: PROMPT_HELP }];
};

/** In which views a key is bound, in words. */
const viewsOf = (action: Action): string => {
  const views = TAB_IDS.filter((view) => boundIn(view).has(action));
  if (views.length === TAB_IDS.length) return 'all';
  return views.length === TAB_IDS.length - 1 ? `all but ${missing(views)}` : views.map(tabTitle).join(', ');
};

const missing = (views: readonly TabId[]): string => tabTitle(TAB_IDS.find((view) => !views.includes(view))!);

/** Every key with the views that have it, by what they are for: for the documents. */
export const keyTables = (): readonly { title: string; rows: readonly (readonly [string, string, string])[] }[] =>
  Object.entries(USES).map(([use, title]) => ({
    title,
    rows: ACTIONS.filter((action) => KEY_TABLE[action].use === use).map((action) => {
      const { label, help } = KEY_TABLE[action];
      return [label, help, viewsOf(action)];
    }),
  }));
