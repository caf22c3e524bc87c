import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { notOurs, tampered, worktreeGone, worktreeUnlinked } from './errors.ts';
import { leadsBack, linkOf, occupantOf, registrationOf, textOf } from './places.ts';
import type { Privates } from './private/privates.ts';
import type { InsidePlace, RunGit } from './run.ts';

/** What a worktree may have set for itself alone; anything else could name a program that git runs. */
const HARMLESS =
  /^(?:core\.(?:bare|worktree|sparsecheckout|sparsecheckoutcone)|(?:index|user|status|advice)\.[a-z]+)$/u;

/** What is wrong with a folder of git's in which an agent can write: git would write through a link to wherever it leads. */
const oddIn = async (folder: string, name: string): Promise<string | undefined> => {
  const entries = await readdir(join(folder, name), { withFileTypes: true }).catch(() => []);
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  return odd && `${join(name, odd.name)} is ${odd.isSymbolicLink() ? 'a symbolic link' : 'no file'}`;
};

/** git appends to the log of HEAD in place, so a second name of it is a file elsewhere. */
const sharedLog = async (folder: string): Promise<string | undefined> => {
  const log = await lstat(join(folder, 'logs', 'HEAD')).catch(() => undefined);
  return log && log.nlink > 1 ? 'logs/HEAD is a file elsewhere as well' : undefined;
};

const ownSettings = async (run: RunGit, folder: string): Promise<string | undefined> => {
  const path = join(folder, 'config.worktree');
  if (!(await lstat(path).catch(() => undefined))) return undefined;
  const input = (await textOf(path)) ?? 'not text';
  const args = ['config', '--file', '-', '--no-includes', '--list', '--name-only', '-z'];
  const { code, stdout } = await run(args, { input, accept: 'any' });
  if (code !== 0) return 'config.worktree cannot be read';
  const odd = stdout.split('\0').find((key) => key !== '' && !HARMLESS.test(key.toLowerCase()));
  return odd === undefined ? undefined : `config.worktree sets ${odd}`;
};

type Repository = {
  readonly root: string;
  readonly commonDir: string;
  readonly run: RunGit;
  readonly privates?: Pick<Privates, 'behind'>;
};

/**
 * How git is called in a worktree, where agents can write everything: it is told which repository and which folder it
 * works on, instead of believing what lies there. Undefined for what is no linked worktree of the repository. Rejects
 * with `git/tampered` where git would run, read or write something that the worktree chose.
 */
const insideOf = async ({ commonDir, privates, run }: Repository, place: string): Promise<InsidePlace | undefined> => {
  const folder = await linkOf(commonDir, place);
  if (folder === undefined) {
    const known = await registrationOf(commonDir, place);
    const info = await lstat(join(place, '.git')).catch(() => undefined);
    if (known?.complete && info) throw tampered({ path: place, what: '.git does not lead to it any more' });
    return undefined;
  }
  if (!(await leadsBack(folder, place)))
    throw tampered({ path: place, what: '.git and what git keeps of the worktree do not name each other' });
  const what =
    (await oddIn(folder, '')) ??
    (await oddIn(folder, 'logs')) ??
    (await oddIn(folder, 'info')) ??
    (await sharedLog(folder));
  const problem = what ?? (await ownSettings(run, folder));
  if (problem !== undefined) throw tampered({ path: place, what: problem });
  const env = { GIT_DIR: folder, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: place };
  return { cwd: place, env, behind: privates?.behind(folder, place) };
};

/** How git is called in a worktree of ours; rejects for the user's checkout and for folders that are no worktree. */
export const needInside = async (repository: Repository, place: string): Promise<InsidePlace> => {
  const { root, commonDir } = repository;
  const at = place === root ? undefined : await insideOf(repository, place);
  if (at) return at;
  const known = place === root ? undefined : await registrationOf(commonDir, place);
  if (!known) throw notOurs({ path: place });
  if ((await occupantOf(place)) === 'nothing') throw worktreeGone({ path: place });
  throw known.complete ? worktreeUnlinked({ path: place }) : notOurs({ path: place });
};
