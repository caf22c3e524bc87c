import { tmuxTooOld } from './errors.ts';
import type { TmuxRunner } from './run.ts';

const OLDEST = [3, 2] as const;

const tooOld = (version: string): boolean => {
  const match = /^(?:next-)?(?<major>\d+)\.(?<minor>\d+)/u.exec(version);
  // Builds from source say `master` and OpenBSD names its own release: both are newer than any limit of ours.
  if (!match?.groups) return false;
  const major = Number(match.groups['major']);
  return major < OLDEST[0] || (major === OLDEST[0] && Number(match.groups['minor']) < OLDEST[1]);
};

/** The version of the server or, without one, of the program. Rejects with `tmux/too-old` below 3.2. */
export const versionOf = async ({ ask, program }: TmuxRunner): Promise<string> => {
  const { stdout, failure, noServer } = await ask([['display-message', '-p', '#{version}']]);
  if (failure && !noServer) throw failure;
  const version = (noServer ? (await program()).replace(/^tmux /u, '') : stdout).trim();
  if (tooOld(version)) throw tmuxTooOld({ version });
  return version;
};
