import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { sparseFolders } from '../../state/swarm-settings.ts';
import { gitRunner, type RunGit } from '../../git/run.ts';
import { missingFoldersWith } from '../../git/sparse.ts';
import { linesOf, shorten, shownLine } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import { ask, type Examination, type Probe } from './examination.ts';
import { commandLine, error, type Finding, note, ok, warning } from './finding.ts';
import { judgeProgram } from './tmux.ts';

/** What is known of git and of the repository. */
type GitFacts = {
  /** The answer to `git --version`; null without a git. */
  readonly program: Exit | null;
  readonly install: string;
  readonly repository: RepositoryFacts | null;
};

export type RepositoryFacts = {
  readonly root: string;
  /** The answer to a question about the repository, to see whether git works with it at all. */
  readonly answer: Exit;
  readonly shallow: boolean;
  readonly hasCommit: boolean;
  /** The settings of git by their lower-case name, the strongest of each. */
  readonly config: Readonly<Record<string, string>>;
  readonly hooksFolder: string;
  readonly hooksThere: boolean;
  /** Hooks that run at a commit. */
  readonly commitHooks: readonly string[];
  readonly worktrees: Exit;
  /** Short names of all branches. */
  readonly branches: readonly string[];
  /** Branches that Drover will make lie below these. */
  readonly prefixes: readonly string[];
  /** The setting `branches.base`. */
  readonly base: string | undefined;
  /** The setting `worktrees.sparse`, and what of it is no folder where work begins. */
  readonly sparse: { readonly folders: readonly string[]; readonly missing: readonly string[] };
  /** Locks of git, and how old each is. */
  readonly locks: readonly { readonly path: string; readonly ageMs: number }[];
};

const OLDEST = [2, 38] as const;
/** git holds a lock for milliseconds, and for minutes only in the largest repositories. */
const OLD_LOCK_MS = 60_000;

const judgeAnswer = ({ root, answer, hasCommit }: RepositoryFacts): Finding | undefined => {
  if (/dubious ownership/u.test(answer.stderr)) {
    const repair = commandLine('git', 'config', '--global', '--add', 'safe.directory', root);
    return error('git.unsafe-owner', 'repository', 'belongs to somebody else, so git refuses to work in it', repair);
  }
  if (answer.code !== 0) {
    const cause = `git fails in it: ${shorten(shownLine(answer.stderr), 120) || 'it does not say why'}`;
    return {
      ...error('git.refused', 'repository', cause, commandLine('git', '-C', root, 'status')),
      label: 'see more with',
    };
  }
  if (hasCommit) return undefined;
  const repair = commandLine('git', '-C', root, 'commit', '--allow-empty', '-m', 'first');
  return error('git.no-commit', 'repository', 'has no commit yet, so no work can start from one', repair);
};

const judgeConfig = ({ config, hooksFolder, hooksThere, commitHooks, root }: RepositoryFacts): Finding[] => {
  const found: Finding[] = [];
  if (!config['user.name'] || !config['user.email']) {
    const repair = 'git config --global user.name "Your Name" && git config --global user.email you@example.org';
    found.push(
      warning('git.identity', 'identity', 'user.name or user.email is not set: commits of agents fail', repair),
    );
  }
  const { 'core.hookspath': hooks, 'core.fsmonitor': monitor } = config;
  const unset = (key: string) => commandLine('git', '-C', root, 'config', '--unset-all', key);
  if (hooks !== undefined && !hooksThere) {
    const cause = `core.hooksPath is ${shownLine(hooks)}, which is not there: no hook runs`;
    found.push(note('git.hooks-path', 'hooks', cause, unset('core.hooksPath')));
  } else if (hooks !== undefined && !isAbsolute(hooks) && !hooks.startsWith('~')) {
    const cause = `core.hooksPath is ${shownLine(hooks)}, looked for in each worktree: made there by nobody, it is silent`;
    const absolute = commandLine('git', '-C', root, 'config', 'core.hooksPath', join(root, hooks));
    found.push(note('git.hooks-path', 'hooks', cause, absolute));
  }
  if (commitHooks.length > 0) {
    const cause = `${commitHooks.join(', ')} must succeed for every commit of an agent, in its worktree`;
    found.push({ ...note('git.hooks', 'hooks', cause, commandLine('ls', '-l', hooksFolder)), label: 'see them with' });
  }
  if (monitor !== undefined && monitor !== 'false') {
    const cause = 'core.fsmonitor is on: a process of git more for every worktree';
    found.push(
      note('git.fsmonitor', 'fsmonitor', cause, commandLine('git', '-C', root, 'config', 'core.fsmonitor', 'false')),
    );
  }
  return found;
};

const judgeBranches = ({ branches, prefixes, base, root, shallow }: RepositoryFacts): Finding[] => {
  const found: Finding[] = [];
  for (const name of prefixes.filter((prefix) => branches.includes(prefix))) {
    const cause = `the branch "${name}" is in the way of branches below ${name}/`;
    const repair = commandLine('git', '-C', root, 'branch', '-m', name, `${name}-old`);
    found.push(error('git.branch-blocked', 'branches', cause, repair));
  }
  if (base !== undefined && !branches.includes(base)) {
    const cause = `"${shownLine(base)}", which branches.base names, does not exist`;
    found.push(error('git.no-base', 'branches', cause, commandLine('git', '-C', root, 'branch', '--', base)));
  }
  if (shallow) {
    const cause = 'is a shallow clone: merges may not find what the sides have in common';
    found.push(warning('git.shallow', 'repository', cause, commandLine('git', '-C', root, 'fetch', '--unshallow')));
  }
  return found;
};

const judgeSparse = ({ sparse: { folders, missing } }: RepositoryFacts): Finding[] => {
  if (missing.length === 0) return [];
  const names = missing.map((folder) => `"${shownLine(folder)}"`).join(', ');
  const cause = `worktrees.sparse names ${names}, no folder where work begins: nothing can be launched`;
  const rest = folders.filter((folder) => !missing.includes(folder));
  const repair = commandLine('drover', 'config', 'set', 'worktrees.sparse', JSON.stringify(rest));
  return [error('git.sparse', 'worktrees', cause, repair)];
};

const judgeRepository = (facts: RepositoryFacts): Finding[] => {
  const broken = judgeAnswer(facts);
  if (broken && broken.id !== 'git.no-commit') return [broken];
  const { worktrees, root, locks } = facts;
  const found: Finding[] = [
    ...(broken ? [broken] : []),
    ...judgeConfig(facts),
    ...judgeBranches(facts),
    ...judgeSparse(facts),
  ];
  if (worktrees.code !== 0) {
    const cause = `git cannot list them: ${shorten(shownLine(worktrees.stderr), 120)}`;
    found.push(error('git.worktrees', 'worktrees', cause, commandLine('git', '-C', root, 'worktree', 'repair')));
  }
  for (const { path, ageMs } of locks.filter((lock) => lock.ageMs > OLD_LOCK_MS)) {
    const cause = `${path} is ${Math.round(ageMs / 60_000)} min old, left by a git that was killed`;
    found.push({ ...warning('git.lock', 'lock', cause, commandLine('rm', path)), label: 'if no git runs' });
  }
  return found;
};

/** What is to be said about git. */
export const judgeGit = ({ program, install, repository }: GitFacts): readonly Finding[] => {
  const version = judgeProgram('git', program, OLDEST, install);
  if (version.severity !== 'ok' || !repository) return [version];
  const found = judgeRepository(repository);
  return [version, ...(found.length === 0 ? [ok('git.repository', 'repository', 'git works in it')] : found)];
};

/** `git config --list -z --show-origin`, the strongest value of each name; what we set for our own call is left out. */
export const parseConfig = (text: string): Record<string, string> => {
  const fields = text.split('\0');
  const config: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const entry = fields[i + 1]!;
    const at = entry.indexOf('\n');
    if (!fields[i]!.startsWith('command line:'))
      config[at < 0 ? entry : entry.slice(0, at)] = at < 0 ? 'true' : entry.slice(at + 1);
  }
  return config;
};

const COMMIT_HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg'];

const hooksIn = async (folder: string): Promise<string[]> => {
  const found = await Promise.all(COMMIT_HOOKS.map((name) => stat(join(folder, name)).catch(() => null)));
  return COMMIT_HOOKS.filter((_name, i) => ((found[i]?.mode ?? 0) & 0o111) !== 0);
};

/** Locks of the repository and its worktrees; those of branches are looked for below `refs/heads`. */
const locksIn = async (commonDir: string, now: number): Promise<{ path: string; ageMs: number }[]> => {
  const names = async (folder: string, recursive = false): Promise<string[]> =>
    (await readdir(join(commonDir, folder), { recursive }).catch(() => []))
      .filter((name) => name.endsWith('.lock'))
      .map((name) => join(commonDir, folder, name));
  const worktrees = await readdir(join(commonDir, 'worktrees')).catch(() => []);
  const places = await Promise.all([
    names('.'),
    names('refs/heads', true),
    ...worktrees.map((id) => names(join('worktrees', id))),
  ]);
  const ages = await Promise.all(
    places.flat().map(async (path) => ({ path, found: await stat(path).catch(() => null) })),
  );
  return ages.flatMap(({ path, found }) => (found ? [{ path, ageMs: now - found.mtimeMs }] : []));
};

/** Where the branches of a template begin: `feature/{task}-{slug}` → `feature`. */
const prefixOf = (template: string): string[] => {
  const fixed = template.split('{')[0]!;
  return fixed.includes('/') ? [fixed.slice(0, fixed.lastIndexOf('/'))] : [];
};

const readRepository = async (
  run: RunGit,
  { place, settings, now, env, patience }: Examination,
): Promise<RepositoryFacts> => {
  const { root, commonDir } = place!;
  const quick = { accept: 'any', timeoutMs: patience } as const;
  const [answer, config, head, worktrees, branches, locks] = await Promise.all([
    run(['rev-parse', '--is-shallow-repository'], quick),
    run(['config', '--list', '-z', '--show-origin'], quick),
    run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], quick),
    run(['worktree', 'list', '--porcelain', '-z'], quick),
    run(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/'], quick),
    locksIn(commonDir, now),
  ]);
  const values = parseConfig(config.stdout);
  const names = linesOf(branches.stdout);
  const { 'core.hookspath': hooks } = values;
  const home = (path: string) => path.replace(/^~(?=\/)/u, env['HOME'] ?? '~');
  const hooksFolder = hooks === undefined ? join(commonDir, 'hooks') : resolve(root, home(hooks));
  const folders = settings ? sparseFolders(settings) : [];
  const missing = missingFoldersWith((args, call) => run(args, { ...call, ...quick }));
  const { task, integration, base } = settings?.branches ?? { task: '', integration: '', base: undefined };
  const start = [integration, base].find((name) => name !== undefined && names.includes(name)) ?? 'HEAD';
  return {
    ...{ root, answer, worktrees, config: values, locks, base },
    shallow: answer.stdout.trim() === 'true',
    hasCommit: head.code === 0,
    hooksFolder,
    hooksThere: (await stat(hooksFolder).catch(() => null))?.isDirectory() ?? false,
    commitHooks: await hooksIn(hooksFolder),
    branches: names,
    sparse: { folders, missing: head.code === 0 ? await missing(start, folders) : [] },
    prefixes: [...new Set(['drover', ...prefixOf(task), ...prefixOf(integration)])],
  };
};

/** git and, inside of a repository, whether it can be worked with. */
export const probeGit: Probe = async (examination) => {
  const { place, env, processes, install } = examination;
  const program = await ask(examination, 'git', ['--version']);
  const facts = { program, install: install('git') };
  if (!place || judgeGit({ ...facts, repository: null })[0]!.severity !== 'ok')
    return judgeGit({ ...facts, repository: null });
  const run = gitRunner({ processes, env, root: place.root });
  return judgeGit({ ...facts, repository: await readRepository(run, examination) });
};
