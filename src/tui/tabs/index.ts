import { alertsTab } from './alerts.ts';
import { helpTab } from './help.ts';
import { logTab } from './log.ts';
import { messagesTab } from './messages.ts';
import { metricsTab } from './metrics.ts';
import type { Tab } from './tab.ts';
import { TAB_IDS, type TabId } from './tab-ids.ts';
import { tasksTab } from './tasks.ts';
import { worktreesTab } from './worktrees.ts';

/** The views beside the agents' panes. */
const TABS: readonly Tab[] = [tasksTab, worktreesTab, messagesTab, alertsTab, metricsTab, logTab, helpTab];

/** The view with this id; undefined for the agents' panes, which are drawn by themselves. */
export const tabOf = (id: TabId): Tab | undefined => TABS.find((tab) => tab.id === id);

/** The views in the order of their number keys. */
export const TAB_TITLES: readonly { readonly id: TabId; readonly title: string }[] = TAB_IDS.map((id) => ({
  id,
  title: tabOf(id)?.title ?? 'Agents',
}));
