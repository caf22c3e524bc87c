import type { Exit } from '../ports/index.ts';
import type { GitPlace, RunGit } from './run.ts';

/** The name and address that our commits get where the user has none. */
export const OURS = {
  GIT_AUTHOR_NAME: 'Drover',
  GIT_AUTHOR_EMAIL: 'drover@localhost',
  GIT_COMMITTER_NAME: 'Drover',
  GIT_COMMITTER_EMAIL: 'drover@localhost',
} as const;

const IDENTS = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'];

/** Whether somebody's own commit would have a name and an address, also one that git makes up from the host's name. */
export const hasIdentity = async (run: RunGit, at: GitPlace): Promise<boolean> => {
  const known = await Promise.all(IDENTS.map((name) => run(['var', name], { ...at, accept: [0, 1, 128] })));
  return known.every(({ code }) => code === 0);
};

/** Who a commit of ours is by, with the time, as commits have it. */
export const identsFor = async (run: RunGit): Promise<{ readonly author: string; readonly committer: string }> => {
  const config = ['user.useConfigOnly=true'];
  const asUser = await Promise.all(IDENTS.map((name) => run(['var', name], { accept: [0, 1, 128], config })));
  const known = asUser.every(({ code }) => code === 0)
    ? asUser
    : await Promise.all(IDENTS.map((name) => run(['var', name], { env: OURS, config })));
  const [author = '', committer = ''] = known.map(({ stdout }) => stdout.trim());
  return { author, committer };
};

type Commit = Partial<GitPlace> & {
  readonly config: readonly string[];
  readonly input: string;
  /** Exit codes that are answers, whoever it is by. */
  readonly accept?: readonly number[];
};

/** Makes a commit as the user, where they have a name and an address, else as ours: git refuses it to nobody in particular. */
export const runAsSomebody = async (
  run: RunGit,
  args: readonly string[],
  { config: given, ...call }: Commit,
): Promise<Exit> => {
  // Without the setting git makes an address up from the host's name.
  const config = [...given, 'user.useConfigOnly=true'];
  const asUser = await run(args, { ...call, config, accept: 'any' });
  const { accept = [0] } = call;
  if (asUser.code !== null && accept.includes(asUser.code)) return asUser;
  return run(args, { ...call, env: { ...OURS, ...call.env }, config });
};
