/**
 * A PATH without the folders that are where somebody happens to be: programs are run in the checkout and in worktrees, and what
 * lies there may be an agent's.
 */
export const fixedPath = (path: string): string =>
  path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .join(':');
