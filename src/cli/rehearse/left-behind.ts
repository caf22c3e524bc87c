import { readFileSync, writeFileSync } from 'node:fs';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { isAlive, pidOfDaemon } from '../../client/gone.ts';
import { locate } from '../../client/locate.ts';
import type { Paths } from '../../lib/paths.ts';
import { withDeadline } from '../patience.ts';
import { base, endAll, environment, REMOVE, SCRATCH, sayTo } from './scratch-swarm.ts';

const OWNER = 'owner.json';

type Owner = { readonly host: string; readonly pid: number; readonly root: string };

/** Says whose scratch swarm it is, for whoever finds it when that process was killed. */
export const markOwner = (home: string, root: string): void => {
  const owner: Owner = { host: hostname(), pid: process.pid, root };
  writeFileSync(join(home, OWNER), JSON.stringify(owner), { mode: 0o600 });
};

const ownerOf = (home: string): Partial<Owner> => {
  try {
    return JSON.parse(readFileSync(join(home, OWNER), 'utf8')) as Owner;
  } catch {
    return {};
  }
};

const isOurs = async (home: string): Promise<boolean> => {
  const found = await lstat(home).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.geteuid?.();
};

/** Longer than a swarm takes to end that is going to, in milliseconds. */
const END_MS = 20_000;

/** Whether a process is the daemon of the scratch swarm that has its home there: it was started with folders in it. */
const isDaemonOf = async (home: string, pid: number): Promise<boolean> => {
  const { stdout } = await execa('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { reject: false });
  return stdout.includes(JSON.stringify(join(home, 'data')));
};

/** Ends the daemon that was left and all that it drives; one that does not hear any more is killed. */
const endDaemon = async (home: string, paths: Paths, env: NodeJS.ProcessEnv): Promise<void> => {
  const pid = await pidOfDaemon(paths);
  if (pid === undefined || !(await isDaemonOf(home, pid))) return;
  await withDeadline(
    endAll({ paths, env, say: sayTo(paths) }).catch(() => undefined),
    undefined,
    END_MS,
  );
  // It may have been stopped, or just begun: that number is asked once more, for it may be another's by now.
  if (isAlive(pid) && (await isDaemonOf(home, pid))) process.kill(pid, 'SIGKILL');
};

/**
 * What a scratch swarm left running. A repository that was kept may have a swarm of its owner's by now: its daemon is ended
 * only where it is still the one of the rehearsal, and its worktrees, which lay in the home, are forgotten.
 */
const endLeft = async (home: string, root: string, env: NodeJS.ProcessEnv): Promise<void> => {
  const options = { env, extendEnv: false, reject: false } as const;
  const paths = locate(root, env);
  // Where it was never made a repository, whatever lies around it is none of ours.
  const isRepository = paths.root === root;
  if (isRepository) await endDaemon(home, paths, env);
  await execa('tmux', ['kill-server'], options);
  await rm(join(home, 'data'), REMOVE);
  if (isRepository && !root.startsWith(`${home}/`)) await execa('git', ['-C', root, 'worktree', 'prune'], options);
};

/** A process that was killed right after it had made the folder said nothing yet, and started nothing, in milliseconds. */
const UNSAID_MS = 60_000;

/** Removes a folder of which nobody says whose it is, if there is nothing in it and that for a while. */
const removeUnsaid = async (home: string): Promise<void> => {
  const { mtimeMs } = await lstat(home);
  if (Date.now() - mtimeMs > UNSAID_MS) await rmdir(home).catch(() => undefined);
};

const removeOne = async (home: string, env: NodeJS.ProcessEnv): Promise<void> => {
  if (!(await isOurs(home))) return;
  const { host, pid, root } = ownerOf(home);
  if (pid === undefined || root === undefined) return removeUnsaid(home);
  if (host !== hostname() || isAlive(pid)) return;
  // A repository that is half gone has no daemon that could be asked.
  await endLeft(home, root, environment(env, home)).catch(() => undefined);
  await rm(home, REMOVE);
};

/** Ends and removes the scratch swarms whose process was killed before it could do that itself. */
export const removeLeftBehind = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const names = (await readdir(base()).catch(() => [])).filter((name) => name.startsWith(SCRATCH));
  await Promise.all(names.map((name) => removeOne(join(base(), name), env)));
};
