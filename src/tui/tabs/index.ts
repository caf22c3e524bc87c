import { alertsTab } from './alerts.ts';
import { helpTab } from './help.ts';
import { logTab } from './log.ts';
import { messagesTab } from './messages.ts';
import { metricsTab } from './metrics.ts';
import { reviewTab } from './review.ts';
import type { Tab } from './tab.ts';
import type { TabId } from './tab-ids.ts';
import { tasksTab } from './tasks.ts';
import { worktreesTab } from './worktrees.ts';

/** Every view by its name; the agents' panes are no tab: they are drawn by themselves. */
const TABS = {
  agents: null,
  tasks: tasksTab,
  worktrees: worktreesTab,
  messages: messagesTab,
  alerts: alertsTab,
  metrics: metricsTab,
  log: logTab,
  help: helpTab,
  review: reviewTab,
} as const satisfies Record<TabId, Tab | null>;

/** The tab of this name; null for the agents' panes. */
export const tabOf = (id: TabId): Tab | null => TABS[id];
