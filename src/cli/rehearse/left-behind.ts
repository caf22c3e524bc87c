import { readFileSync, writeFileSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { isAlive } from '../../client/gone.ts';
import { locate } from '../../client/locate.ts';
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

/** What a repository that was thrown away has running; one that was kept may have a swarm of its owner's by now. */
const endThrownAway = async (home: string, root: string, env: NodeJS.ProcessEnv): Promise<void> => {
  if (!root.startsWith(`${home}/`)) {
    await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
    return;
  }
  const paths = locate(root, env);
  // Where it was never made a repository, whatever lies around it is none of ours.
  if (paths.root === root) await endAll({ paths, env, say: sayTo(paths) });
};

/** Ends and removes the scratch swarms whose process was killed before it could do that itself. */
export const removeLeftBehind = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const names = (await readdir(base()).catch(() => [])).filter((name) => name.startsWith(SCRATCH));
  await Promise.all(
    names.map(async (name) => {
      const home = join(base(), name);
      const { host, pid, root } = (await isOurs(home)) ? ownerOf(home) : {};
      if (host !== hostname() || pid === undefined || root === undefined || isAlive(pid)) return;
      // A repository that is half gone has no daemon that could be asked.
      await endThrownAway(home, root, environment(env, home)).catch(() => undefined);
      await rm(home, REMOVE);
    }),
  );
};
