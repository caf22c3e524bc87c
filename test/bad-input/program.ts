import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { shipped, testRepository } from '../helpers/swarm.ts';

export type Ran = { readonly exit: number | string | null; readonly stdout: string; readonly stderr: string };
/** Waits for a condition, as long as a machine with much else to do may need. */
export const eventually = <T>(condition: () => T | Promise<T>) => vi.waitUntil(condition, { timeout: 60_000 });

type Env = Readonly<Record<string, string | undefined>>;

/** Runs the built program, as a person would, and resolves when it ends; one that goes on is ended when it has printed `until`. */
export const drover = (
  argv: readonly string[],
  place: { cwd: string; env: Env; input?: string; until?: RegExp },
): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [shipped.cli, ...argv],
      { cwd: place.cwd, env: { ...place.env }, timeout: 100_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ exit: error ? (error.code ?? error.signal ?? null) : 0, stdout, stderr }),
    );
    let printed = '';
    child.stdout?.on('data', (text: string) => {
      printed += text;
      if (place.until?.test(printed)) child.kill('SIGTERM');
    });
    child.stdin?.end(place.input ?? '');
  });

/** A repository in which the built program is run, with the daemon that it starts; all is ended with the scope. */
export const openProgram = (options: Parameters<typeof testRepository>[0] = {}) => {
  const repository = testRepository(options);
  const { root, env, paths } = repository;
  return {
    ...repository,
    drover: (...argv: readonly string[]) => drover(argv, { cwd: root, env }),
    [Symbol.asyncDispose]: async () => {
      if (existsSync(paths.socket)) await drover(['daemon', 'stop'], { cwd: root, env });
      repository[Symbol.dispose]();
    },
  };
};

const filesBelow = (folder: string, skip: (path: string) => boolean): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (skip(path)) return [];
      return entry.isDirectory() ? filesBelow(path, skip) : [path];
    });

const contentOf = (path: string): Buffer | string =>
  lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path);

/** A checksum of each of the user's own things: files, index, HEAD, branches, stash, configuration, hooks. */
export const userThings = (root: string, commonDir = join(root, '.git')): Record<string, string> => {
  const sum = (path: string) => `${lstatSync(path).mode} ${createHash('sha256').update(contentOf(path)).digest('hex')}`;
  const files = filesBelow(root, (path) => path === commonDir || path.endsWith('/.git'));
  const own = ['HEAD', 'index', 'config', 'packed-refs', 'logs/HEAD', 'refs/heads', 'refs/stash', 'refs/tags', 'hooks'];
  const inGit = own
    .map((name) => join(commonDir, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => (lstatSync(path).isDirectory() ? filesBelow(path, isOurs) : [path]));
  return Object.fromEntries([...files, ...inGit].map((path) => [path, sum(path)]));
};

const isOurs = (path: string): boolean => /refs\/heads\/(?:drover|feature)(?:\/|$)/u.test(path);
