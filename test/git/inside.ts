import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isFolder } from '../../src/files/is-folder.ts';
import { localFiles } from '../../src/files/open.ts';
import { findRepository, openGit } from '../../src/git/open.ts';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import { openWorld } from './world.ts';

export const GONE = 'this daemon is gone';

/** A worktree with a git directory of its own, and whoever works there shut in. */
export const openInside = async ({
  files = {},
  folders = [],
  folder: name = 'repository',
}: {
  files?: Record<string, string>;
  folders?: string[];
  folder?: string;
} = {}) => {
  const world = await openWorld({ folder: name });
  const { env, home, processes, root } = world;
  const sandbox = openSandbox({
    ...{ env, run: (trial) => processes.run(trial), find: async () => '/usr/bin/bwrap' },
    ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: () => [] },
  });
  const place = await findRepository(root, processes, env);
  const open = () => openGit({ ...place, processes, env, sandbox });
  /** A daemon that is gone after so many steps: each further program that it wants to run is run by nobody. */
  const openDying = (steps: number) => {
    let left = steps;
    const run: typeof processes.run = async (request) => {
      left -= 1;
      if (left < 0) throw new Error(GONE);
      return processes.run(request);
    };
    return openGit({ ...place, processes: { ...processes, run }, env, sandbox });
  };
  /** A daemon that is killed, with the shells that it runs, at a command of git among those that follow each other outside. */
  const openKilled = (command: string, when: 'before' | 'after') => {
    const program = world.at('killing-git');
    const at = `case " $* " in *' ${command} '*) kill -9 $(cut -d' ' -f5 /proc/$$/stat) $PPID; exit 1;; esac`;
    const lines = ['#!/bin/sh', ...(when === 'before' ? [at] : []), 'git "$@"', 'code=$?', at, 'exit $code'];
    writeFileSync(program, lines.join('\n'), { mode: 0o700 });
    let isDead = false;
    const run: typeof processes.run = async (request) => {
      const args = request.file === 'sh' ? request.args.with(2, program) : request.args;
      const exit = isDead ? undefined : await processes.run({ ...request, args });
      isDead ||= exit?.signal === 'SIGKILL';
      if (!exit || isDead) throw new Error(GONE);
      return exit;
    };
    return openGit({ ...place, processes: { ...processes, run }, env, sandbox });
  };
  /** One with an environment of its own, of which each program is told that it runs. */
  const openSeen = (own: typeof env, see: (request: Parameters<typeof processes.run>[0]) => void) => {
    const run: typeof processes.run = async (request) => {
      see(request);
      return processes.run(request);
    };
    return openGit({ ...place, processes: { ...processes, run }, env: own, sandbox });
  };
  /** One beside which something happens after each program that has ended. */
  const openBeside = (happen: (program: string) => void) => {
    const run: typeof processes.run = async (request, signal) => {
      const exit = await processes.run(request, signal);
      happen(request.file);
      return exit;
    };
    return openGit({ ...place, processes: { ...processes, run }, env, sandbox });
  };
  const git = open();
  const worktree = world.at('a-1');
  const folder = join(home, 'private', 'a-1', 'git');
  const start = Object.keys(files).length === 0 ? world.first : world.commit(world.first, files);
  await git.addWorktree(worktree, { branch: await git.createBranch('work', start) }, folders);
  const laid = await git.privateGit(worktree, folder);
  const spec: SandboxSpec = {
    ...{ mode: 'worktree', worktree, root, commonDir: git.commonDir, network: 'shared' },
    git: { kind: 'private', ...laid },
    home: { at: home, folder: null },
    ...{ hidden: [], read: [], write: [] },
  };
  const wall = await sandbox.wall(spec);
  const [program = '', ...words] = wall;
  const options = { env: { ...env, GIT_EDITOR: 'true' }, encoding: 'utf8' } as const;
  return {
    ...world,
    ...{ git, open, openBeside, openSeen, openDying, openKilled, sandbox, worktree, folder, laid },
    /** Runs a shell inside; what it prints. Fails where it does. */
    inside: (script: string): string => execFileSync(program, [...words, 'sh', '-ec', script], options),
    /** Starts a shell inside, which says that it is ready and reads a line; what it prints after that line. */
    starts: (script: string) => {
      const child = spawn(program, [...words, 'sh', '-c', script], {
        env: options.env,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const ready = once(child.stdout, 'data');
      const go = async (): Promise<string> => {
        child.stdin.end('go\n');
        return text(child.stdout);
      };
      return { ready, go };
    },
    tries: (script: string): number | null => spawnSync(program, [...words, 'sh', '-c', script], options).status,
  };
};

export type Inside = Awaited<ReturnType<typeof openInside>>;

/** What is in the archive. */
export const archived = ({ user }: Inside, format = '%(objectname)'): readonly string[] =>
  user('for-each-ref', `--format=${format}`, 'refs/drover/archive').trim().split('\n').filter(Boolean).toSorted();
