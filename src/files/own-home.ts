import { userInfo } from 'node:os';

const passwdHome = (): string | undefined => {
  try {
    return userInfo().homedir;
  } catch {
    // A user that the system does not know has none.
    return undefined;
  }
};

/** Gives an environment without a home folder that of the user, as a shell does with `~`: an empty `HOME` is a missing one. */
export const settleHome = (env: Record<string, string | undefined>, known = passwdHome): void => {
  if (env['HOME']) return;
  const home = known();
  if (home) env['HOME'] = home;
  else delete env['HOME'];
};
