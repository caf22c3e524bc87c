import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Paths, pathsOf, reachSocket } from '../lib/paths.ts';
import { USUAL_WORKTREES_FOLDER, worktreesFolder } from '../lib/worktrees-folder.ts';
import { bareRepository, brokenLink, folderGone, notARepository, oddFolder } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

const kindOf = (path: string): 'file' | 'folder' | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? 'folder' : found?.isFile() ? 'file' : undefined;
};

const firstLine = (path: string): string => readFileSync(path, 'utf8').split('\n')[0]!.trim();

type Place = { readonly commonDir: string; readonly root: string };

/** The checkout that a submodule's git directory names. */
const checkoutOf = (commonDir: string): string | undefined => {
  const config = join(commonDir, 'config');
  if (kindOf(config) !== 'file') return undefined;
  const { path } = /^\s*worktree\s*=\s*"?(?<path>[^"\n]+?)"?\s*$/mu.exec(readFileSync(config, 'utf8'))?.groups ?? {};
  return path === undefined ? undefined : resolve(commonDir, path);
};

/** The repository behind a `.git` file: of a linked worktree, a submodule, or a git directory that lies elsewhere. */
const behindFile = (file: string): Place => {
  const gitDir = resolve(dirname(file), firstLine(file).replace(/^gitdir:\s*/u, ''));
  if (kindOf(gitDir) !== 'folder') throw brokenLink({ file, target: gitDir });
  const link = join(gitDir, 'commondir');
  if (kindOf(link) !== 'file') return { commonDir: realpathSync(gitDir), root: dirname(file) };
  const commonDir = realpathSync(resolve(gitDir, firstLine(link)));
  // The worktrees of a bare repository have no main one among them: each stands for the repository.
  const main = basename(commonDir) === '.git' ? dirname(commonDir) : checkoutOf(commonDir);
  return { commonDir, root: main ?? dirname(file) };
};

const looksBare = (folder: string): boolean =>
  kindOf(join(folder, 'HEAD')) === 'file' &&
  ['objects', 'refs'].every((name) => kindOf(join(folder, name)) === 'folder');

/**
 * The longest socket path that every system takes, in bytes: macOS has room for 103, and a daemon listens under a
 * longer name, with its process id, before it takes the place.
 */
const SOCKET_LIMIT = 90;

const socketFor = (commonDir: string, key: string, env: Env): string => {
  const mine = `drover-${process.getuid?.() ?? 0}`;
  const { XDG_RUNTIME_DIR: runtime } = env;
  const places = [
    `${commonDir}/drover/drover.sock`,
    ...(runtime ? [join(runtime, 'drover', `${key}.sock`)] : []),
    join(tmpdir(), `.${mine}`, `${key}.sock`),
  ];
  return places.find((place) => Buffer.byteLength(place) <= SOCKET_LIMIT) ?? join('/tmp', `.${mine}`, `${key}.sock`);
};

/** The other name of the socket, which is all that there is in a sandbox; one of another repository is not believed. */
const givenSocket = (commonDir: string, key: string, { DROVER_SOCKET: given = '' }: Env): string | undefined => {
  const isOurs =
    given === reachSocket(`${commonDir}/drover/drover.sock`) || given.endsWith(reachSocket(`/${key}.sock`));
  return isOurs ? given : undefined;
};

/** What no path of a repository may have: agents are told paths in lines of text, and a terminal acts on it. */
const CONTROL = /\p{Cc}/u;

const pathsIn = ({ commonDir, root }: Place, env: Env): Paths => {
  const odd = [root, commonDir].find((path) => CONTROL.test(path));
  if (odd !== undefined) throw oddFolder({ folder: odd });
  const key = createHash('sha256').update(commonDir).digest('hex').slice(0, 8);
  const home = env['HOME'] || homedir();
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const place = { root, key, commonDir, home, data };
  const worktrees = worktreesFolder(USUAL_WORKTREES_FOLDER, place);
  return pathsOf({ ...place, worktrees, socket: givenSocket(commonDir, key, env) ?? socketFor(commonDir, key, env) });
};

const realFolder = (folder: string): string => {
  try {
    return realpathSync(resolve(folder));
  } catch (error) {
    throw folderGone({ folder }, error);
  }
};

/**
 * Finds the repository that a folder belongs to and where its swarm lives; a linked worktree belongs to the swarm of
 * its repository. Looks at files only: a client has to start within milliseconds, and a git process takes several.
 */
export const locate = (folder: string, env: Env): Paths => {
  const start = realFolder(folder);
  for (let at = start; ; at = dirname(at)) {
    const git = join(at, '.git');
    const kind = kindOf(git);
    if (kind === 'folder') return pathsIn({ commonDir: realpathSync(git), root: at }, env);
    if (kind === 'file') return pathsIn(behindFile(git), env);
    if (looksBare(at)) throw bareRepository({ folder: at });
    if (dirname(at) === at) throw notARepository({ folder: start });
  }
};
