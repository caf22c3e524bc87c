/**
 * The views in the order of their number keys. A new one is a name here and a file with its `Tab`; the compiler then
 * asks for its line in `tabs/index.ts`, and a test for its row in docs/screen.md.
 */
export const TAB_IDS = [
  'agents',
  'tasks',
  'worktrees',
  'messages',
  'alerts',
  'metrics',
  'log',
  'help',
  'review',
] as const;
export type TabId = (typeof TAB_IDS)[number];

/** What a view is called on the screen: `Tasks`. */
export const tabTitle = (id: TabId): string => id.charAt(0).toUpperCase() + id.slice(1);

const SHORT_TITLES: Readonly<Partial<Record<TabId, string>>> = {
  worktrees: 'Trees',
  messages: 'Msgs',
  metrics: 'Stats',
};

/** The same where there is little room: `Trees`. */
export const shortTabTitle = (id: TabId): string => SHORT_TITLES[id] ?? tabTitle(id);

/** The number keys that open the views, as lists of keys write them, and what the views are called in their order. */
export const TAB_NUMBERS = `1 … ${TAB_IDS.length}`;
export const TAB_NAMES = TAB_IDS.join(', ');

/** The view that a number key opens; undefined for every other key. */
export const tabNumbered = (key: string): TabId | undefined =>
  /^[1-9]$/u.test(key) ? TAB_IDS[Number(key) - 1] : undefined;
