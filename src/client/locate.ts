import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Paths, pathsOf } from '../lib/paths.ts';
import { bareRepository, notARepository } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

const kindOf = (path: string): 'file' | 'folder' | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? 'folder' : found?.isFile() ? 'file' : undefined;
};

const firstLine = (path: string): string => readFileSync(path, 'utf8').split('\n')[0]!.trim();

/** The common git directory behind a `.git` file (of a linked worktree or a submodule). */
const behindFile = (file: string): string => {
  const gitDir = resolve(dirname(file), firstLine(file).replace(/^gitdir:\s*/u, ''));
  const common = join(gitDir, 'commondir');
  return kindOf(common) === 'file' ? resolve(gitDir, firstLine(common)) : gitDir;
};

const looksBare = (folder: string): boolean =>
  kindOf(join(folder, 'HEAD')) === 'file' &&
  ['objects', 'refs'].every((name) => kindOf(join(folder, name)) === 'folder');

/** The longest socket path that every system takes. */
const SOCKET_LIMIT = 100;

const socketFor = (commonDir: string, key: string, env: Env): string => {
  const inside = `${commonDir}/drover/drover.sock`;
  if (Buffer.byteLength(inside) <= SOCKET_LIMIT) return inside;
  const runtime = env['XDG_RUNTIME_DIR'] || join(tmpdir(), `.drover-${process.getuid?.() ?? 0}`);
  return join(runtime, `${key}.sock`);
};

const pathsIn = (commonDir: string, root: string, env: Env): Paths => {
  const hash = createHash('sha256').update(commonDir).digest('hex').slice(0, 8);
  const data = env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local', 'share');
  const repository = basename(root);
  return pathsOf({
    root,
    key: hash,
    commonDir,
    worktrees: join(data, 'drover', 'worktrees', `${repository.replace(/[^\p{L}\p{N}._-]+/gu, '-')}-${hash}`),
    socket: socketFor(commonDir, hash, env),
  });
};

/**
 * Finds the repository that a folder belongs to and where its swarm lives; a linked worktree belongs to the swarm of
 * its repository. Looks at files only: a client has to start within milliseconds, and a git process takes several.
 */
export const locate = (folder: string, env: Env): Paths => {
  const start = realpathSync(resolve(folder));
  for (let at = start; ; at = dirname(at)) {
    const git = join(at, '.git');
    const kind = kindOf(git);
    if (kind !== undefined) {
      const commonDir = realpathSync(kind === 'file' ? behindFile(git) : git);
      // A `.git` folder lies in the main checkout; any other common directory (a submodule's) belongs to where we are.
      const root = basename(commonDir) === '.git' ? dirname(commonDir) : at;
      return pathsIn(commonDir, root, env);
    }
    if (looksBare(at)) throw bareRepository({ folder: at });
    if (dirname(at) === at) throw notARepository({ folder: start });
  }
};
