/** A ref as a person calls it: a branch or a tag by its short name, an entry of the stash by its commit. */
export const refName = (ref: string): string =>
  ref
    .replace(/^refs\/(?:heads|tags)\//u, '')
    .replace(/^refs\/stash@(?<id>[0-9a-f]{10}).*$/u, 'stash@$<id>')
    .replace(/^worktrees\/(?<id>.+)\/HEAD$/u, 'HEAD of $<id>');
