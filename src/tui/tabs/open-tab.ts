import type { Layout } from '../model/layout.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { tabOf } from './index.ts';
import type { OpenTab, TabContext } from './tab.ts';
import { filterBody } from './tab-window.ts';

/** Lines of a tab that are not its body: the titles of its columns. */
const TITLES = 1;

const bodySize = ({ grid }: Layout): { width: number; height: number } => ({
  width: grid.width,
  height: Math.max(0, grid.height - TITLES),
});

type Source = Pick<ScreenModel, 'state' | 'instances' | 'screen' | 'layout' | 'now' | 'outlook' | 'attention'> &
  Pick<TabContext, 'answers'>;

const isSameContext = (a: TabContext, b: TabContext): boolean =>
  a.state === b.state &&
  a.attention === b.attention &&
  a.own === b.own &&
  a.answers === b.answers &&
  a.selected === b.selected &&
  a.outlook === b.outlook &&
  Math.floor(a.now / 1000) === Math.floor(b.now / 1000) &&
  a.size.width === b.size.width &&
  a.size.height === b.size.height;

/** Makes the body of the tab that is open; the same one again as long as nothing that it shows has changed. */
export const makeTabOpener = () => {
  let latest: OpenTab | null = null;
  return ({ state, instances, screen, layout, now, answers, outlook, attention }: Source): OpenTab | null => {
    const tab = tabOf(screen.tabs.open);
    if (!tab) return null;
    const own = screen.tabs.states[screen.tabs.open];
    const context: TabContext = {
      state,
      attention,
      instances,
      now,
      own,
      answers,
      outlook,
      selected: screen.panes.selected,
      size: bodySize(layout),
    };
    if (latest?.tab === tab && isSameContext(latest.context, context)) return latest;
    const body = tab.body(context);
    latest = { tab, context, body: tab.queriesByFilter ? body : filterBody(body, own.filter) };
    return latest;
  };
};
