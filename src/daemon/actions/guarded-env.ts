import { withGitConfig } from '../../lib/git-config.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

type Guarded = {
  /** The worktree in which the program is started. */
  readonly worktree: string;
  /** Whose program it is: an instance, or what runs for nobody in particular. */
  readonly who: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Where git writes down what it was called for by these programs. */
const trailOf = ({ guard }: Target['paths'], who: string): string => `${guard}/trail/${who}`;

/**
 * The environment of a program in a worktree, by which git that it starts leaves alone what belongs to others: a hook of
 * ours for refs, beside those of the repository, a program before git in the PATH for what no hook is asked about, and a
 * trail that tells who it was.
 */
export const guardedEnv = async (
  { settings }: Pick<DaemonServices, 'settings'>,
  { files, git, paths, processes, shipped }: Target,
  { worktree, who, env }: Guarded,
): Promise<Record<string, string>> => {
  if (settings.git.guard === 'off') return { ...env };
  const texts = `${shipped.assets}/git-guard`;
  const { gitDir, config } = await git.guard(worktree, { folder: paths.guard, shipped: texts });
  await files.makeFolder(`${paths.guard}/trail`);
  const program = await processes.find('git');
  return {
    ...withGitConfig(env, config),
    DROVER_GUARD: gitDir,
    GIT_TRACE2_EVENT: trailOf(paths, who),
    GIT_TRACE2_EVENT_NESTING: '1',
    ...(program === null ? {} : { DROVER_GIT: program, PATH: `${texts}/bin:${env['PATH'] ?? ''}` }),
  };
};
