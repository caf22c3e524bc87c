import { withGitConfig } from '../lib/git-config.ts';
import type { Exit } from '../ports/index.ts';
import type { RunGit } from './run.ts';

type Env = Readonly<Record<string, string>>;
type Call = Omit<NonNullable<Parameters<RunGit>[1]>, 'accept'>;

const TRUSTED: readonly string[] = ['system', 'global', 'command'];

/**
 * The environment in which a merge runs no program that the repository's own configuration names: an agent may write that,
 * and the attributes that lead there. Such a file conflicts instead. Programs of the person's own configuration stay.
 */
const withoutLocalDrivers = async (run: RunGit, env: Env): Promise<Env> => {
  const asked = ['config', '--show-scope', '--name-only', '-z', '--get-regexp', String.raw`^merge\..*\.driver$`];
  const { stdout } = await run(asked, { accept: [0, 1] });
  const fields = stdout.split('\0');
  const keys = fields.flatMap((scope, at) =>
    at % 2 === 0 && scope !== '' && !TRUSTED.includes(scope) ? [fields[at + 1]!] : [],
  );
  // As variables, because a name may hold an equals sign. A renormalized file would go through programs as well.
  const pairs = [...new Set(keys)].map((key) => [key, 'false'] as const);
  const all = [...pairs, ['merge.renormalize', 'false'] as const];
  return withGitConfig(env, all);
};

/** Runs `git merge-tree`, which every merge goes through, whoever asks for it; the caller judges how it ended. */
export const runMergeTree = async (run: RunGit, args: readonly string[], call: Call = {}): Promise<Exit> =>
  run(args, { ...call, accept: 'any', env: await withoutLocalDrivers(run, call.env ?? {}) });
