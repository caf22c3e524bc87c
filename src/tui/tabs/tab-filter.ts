import type { KeyHandler } from '../control/key.ts';
import type { ScreenState } from '../model/screen-state.ts';
import { charactersOf } from '../prompt/prompt-text.ts';
import type { TabState } from './tab-state.ts';

/** Starts typing a filter; what was typed before is gone on from. */
export const beginFilter = (view: ScreenState): ScreenState => ({
  ...view,
  mode: 'panes',
  page: null,
  filtering: true,
});

/** Text that is typed while a filter is. */
export const typeFilter = (view: ScreenState, text: string): ScreenState => withFilter(view, filterOf(view) + text);

/** A filter narrows while it is typed; Enter keeps it, Esc takes it away. */
export const handleFilterKey: KeyHandler = (view, key) => {
  const filter = filterOf(view);
  switch (key) {
    case 'enter':
    case 'tab':
    case 'down':
      return { view: { ...view, filtering: false } };
    case 'esc':
    case 'ctrl+c':
      return { view: { ...withFilter(view, ''), filtering: false } };
    case 'backspace':
      return { view: filter === '' ? { ...view, filtering: false } : withFilter(view, dropLast(filter)) };
    case 'ctrl+u':
      return { view: withFilter(view, '') };
    case 'ctrl+w':
      return { view: withFilter(view, filter.replace(/\S+\s*$/u, '')) };
    default:
      return { view };
  }
};

export const filterOf = (view: ScreenState): string => view.tabs[view.tab].filter;

export const withFilter = (view: ScreenState, filter: string): ScreenState =>
  withOwn(view, { ...view.tabs[view.tab], filter, cursor: null, tops: {} });

const dropLast = (text: string): string => charactersOf(text).slice(0, -1).join('');

/** The view with what one tab looks at changed. */
export const withOwn = (view: ScreenState, own: TabState): ScreenState => ({
  ...view,
  tabs: { ...view.tabs, [view.tab]: own },
});
