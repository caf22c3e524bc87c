export const TAB_IDS = ['agents', 'tasks', 'worktrees', 'messages', 'alerts', 'metrics', 'log', 'help'] as const;

export type TabId = (typeof TAB_IDS)[number];
