import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { repositoryKey } from '../files/repository-key.ts';
import type { AppError } from '../lib/errors.ts';
import { type Paths, pathsOf, reachSocket } from '../lib/paths.ts';
import { USUAL_WORKTREES_FOLDER, worktreesFolder } from '../lib/worktrees-folder.ts';
import {
  bareRepository,
  brokenLink,
  folderGone,
  insideGit,
  longFolder,
  notARepository,
  oddFolder,
  unnamedFolder,
} from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

const kindOf = (path: string): 'file' | 'folder' | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? 'folder' : found?.isFile() ? 'file' : undefined;
};

const firstLine = (path: string): string => readFileSync(path, 'utf8').split('\n')[0]!.trim();

/** Stands in a path for bytes that are no UTF-8; a name may have this character of its own as well. */
const LOST = '\uFFFD';

/** Refuses a path that is not the one which it was read from: nothing lies there. */
const assertUtf8 = (path: string): void => {
  if (path.includes(LOST) && kindOf(path) === undefined) throw unnamedFolder({ folder: path });
};

type Place = { readonly commonDir: string; readonly root: string };

const configOf = (commonDir: string): string => {
  const config = join(commonDir, 'config');
  return kindOf(config) === 'file' ? readFileSync(config, 'utf8') : '';
};

/** The checkout that a submodule's git directory names. */
const checkoutOf = (commonDir: string): string | undefined => {
  const { path } = /^\s*worktree\s*=\s*"?(?<path>[^"\n]+?)"?\s*$/mu.exec(configOf(commonDir))?.groups ?? {};
  return path === undefined ? undefined : resolve(commonDir, path);
};

/** The repository behind a `.git` file: of a linked worktree, a submodule, or a git directory that lies elsewhere. */
const behindFile = (file: string): Place => {
  const gitDir = resolve(dirname(file), firstLine(file).replace(/^gitdir:\s*/u, ''));
  assertUtf8(gitDir);
  if (kindOf(gitDir) !== 'folder') throw brokenLink({ file, target: gitDir });
  const link = join(gitDir, 'commondir');
  if (kindOf(link) !== 'file') return { commonDir: realpathSync(gitDir), root: dirname(file) };
  const commonDir = realpathSync(resolve(gitDir, firstLine(link)));
  // The worktrees of a bare repository have no main one among them: each stands for the repository.
  const main = basename(commonDir) === '.git' ? dirname(commonDir) : checkoutOf(commonDir);
  return { commonDir, root: main ?? dirname(file) };
};

const looksLikeGit = (folder: string): boolean =>
  kindOf(join(folder, 'HEAD')) === 'file' &&
  ['objects', 'refs'].every((name) => kindOf(join(folder, name)) === 'folder');

/** Why nobody works in a git directory. Where it does not say whether it is bare its name does, as for git. */
const refusalIn = (folder: string): AppError => {
  const { bare = basename(folder) === '.git' ? 'false' : 'true' } =
    /^\s*bare\s*=\s*(?<bare>\w+)\s*$/imu.exec(configOf(folder))?.groups ?? {};
  if (/^(?:true|yes|on|1)$/iu.test(bare)) return bareRepository({ folder });
  const above = basename(folder) === '.git' ? dirname(folder) : undefined;
  return insideGit({ folder, checkout: checkoutOf(folder) ?? above ?? 'a checkout of it' });
};

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

/** The longest path of a git directory, in bytes: the lock of its swarm is a file of SQLite, which takes paths of 512 bytes. */
const LONGEST_PATH = 480;

const pathsIn = ({ commonDir, root }: Place, env: Env): Paths => {
  const odd = [root, commonDir].find((path) => CONTROL.test(path));
  if (odd !== undefined) throw oddFolder({ folder: odd });
  assertUtf8(commonDir);
  const bytes = Buffer.byteLength(commonDir);
  if (bytes > LONGEST_PATH) throw longFolder({ folder: commonDir, bytes, most: LONGEST_PATH });
  const key = repositoryKey(commonDir);
  const home = env['HOME'] || homedir();
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const place = { root, key, commonDir, home, data };
  const worktrees = worktreesFolder(USUAL_WORKTREES_FOLDER, place);
  return pathsOf({ ...place, worktrees, socket: givenSocket(commonDir, key, env) ?? socketFor(commonDir, key, env) });
};

/** Whether a path is the one that it was read from: the name of the folder that we are in may be read as another one's. */
const isMeant = (path: string): boolean => {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there || path !== process.cwd()) return there !== undefined;
  const here = statSync('.');
  return there.ino === here.ino && there.dev === here.dev;
};

const realFolder = (folder: string): string => {
  const path = resolve(folder);
  if (path.includes(LOST) && !isMeant(path)) throw unnamedFolder({ folder: path });
  try {
    return realpathSync(path);
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
    if (looksLikeGit(at)) throw refusalIn(at);
    if (dirname(at) === at) throw notARepository({ folder: start });
  }
};
