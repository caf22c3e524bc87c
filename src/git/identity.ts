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

/** What a commit of ours needs in its environment: nothing where the user has a name and an address, else our own. */
export const identityFor = async (run: RunGit, at?: GitPlace): Promise<Readonly<Record<string, string>>> => {
  const known = await Promise.all(
    IDENTS.map((name) =>
      // Without the setting git makes an address up from the host's name.
      run(['var', name], {
        accept: [0, 1, 128],
        config: ['user.useConfigOnly=true'],
        ...at,
      }),
    ),
  );
  return known.every(({ code }) => code === 0) ? {} : OURS;
};
