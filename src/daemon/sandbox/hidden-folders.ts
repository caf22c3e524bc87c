import { dirname } from 'node:path';
import type { Target } from '../../ports/target.ts';

export const homeIn = ({ env }: Pick<Target, 'env'>): string => (env['HOME'] ?? '/').replace(/(?<=.)\/+$/u, '');

/** Where Drover keeps the key to secrets, and what the person trusts. */
export const ownFolders = (target: Pick<Target, 'env'>): readonly string[] => {
  const { env } = target;
  const home = homeIn(target);
  return [
    `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/drover`,
    `${env['XDG_STATE_HOME'] || `${home}/.local/state`}/drover`,
  ];
};

/**
 * The folders of a machine that are empty in a sandbox, wherever the environment of the person puts them: other worktrees,
 * homes and git directories, what Drover keeps for the person, and the sockets of tmux.
 */
export const hiddenFolders = async (
  target: Pick<Target, 'env' | 'files' | 'paths'>,
  worktree: string,
): Promise<readonly string[]> => {
  const { env, files, paths } = target;
  const { TMUX_TMPDIR: tmux } = env;
  return [
    ...[dirname(worktree), paths.worktrees, dirname(paths.sandboxes), `${paths.data}/drover`],
    ...ownFolders(target),
    ...(tmux ? await files.matching(`${tmux}/tmux-*`) : []),
  ];
};
