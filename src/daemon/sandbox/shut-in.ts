import { dirname } from 'node:path';
import type { AgentAdapter } from '../../agents/adapter.ts';
import { reachFolder, reachSocket, sandboxOf, spoolFolderOf } from '../../lib/paths.ts';
import type { SandboxSpec } from '../../ports/sandbox.ts';
import type { Target } from '../../ports/target.ts';
import { holdsKeys } from '../../sandbox/folders.ts';
import { type WayOut, wayOut } from '../../sandbox/network.ts';
import { toolchainsIn } from '../../sandbox/toolchains.ts';
import { type Instance, isShutIn } from '../../state/instances.ts';
import { networkFor } from '../../state/sandbox-choice.ts';
import { type DaemonServices, homeOf, instancesOn } from '../services.ts';
import { recordFolderOf } from '../signals/known-records.ts';
import { clearWays } from './clear-ways.ts';
import { furnishHome } from './furnish-home.ts';
import { grantedFolders } from './granted-folders.ts';
import { hiddenFolders } from './hidden-folders.ts';
import { insideSpec } from './inside-shell.ts';
import type { Level } from './level.ts';
import type { Note } from './notes.ts';
import { placesIn } from './own-env.ts';
import { namedServices, waysOutOf } from './ways-out.ts';

/** How the program of an instance is shut in, and what is recorded of that; without a wall it is not. */
export type ShutIn = {
  readonly sandbox?: NonNullable<Instance['sandbox']>;
  readonly wall?: readonly string[];
  /** The same for a shell of the person there. */
  readonly insideWall?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
};

/** Gives the daemon's socket a second name, in a folder where nothing else is: the first one may be another socket by now. */
const giveReach = async ({ files, paths, processes, env }: Target): Promise<void> => {
  await files.makeFolder(reachFolder(paths.socket));
  await processes.run({ file: 'ln', args: ['-f', paths.socket, reachSocket(paths.socket)], env });
};

/** The same for programs that were shut in under a daemon before this one. */
export const reachAgain = async ({ home, store }: Pick<DaemonServices, 'home' | 'store'>): Promise<void> => {
  if (instancesOn(home, store.state).some(isShutIn)) await giveReach(home);
};

/** Where npm puts programs, and where they find the parts of Node, by the file of one of them. */
const besides = (program: string): readonly string[] =>
  ['lib/node_modules', 'include/node'].map((name) => `${dirname(dirname(program))}/${name}`);

/** Where the program of the agent lies, with what npm puts beside it; of a folder that holds keys it alone. */
const programFolders = async (
  { files, processes, paths }: Target,
  { program }: AgentAdapter,
): Promise<readonly string[]> => {
  const found = await processes.find(program);
  if (found === null) return [];
  const places = [found, await files.realPath(found)];
  const open = places.map((file) => (holdsKeys(paths.home, dirname(file)) ? file : dirname(file)));
  return [...open, ...besides(found)];
};

type Wanted = { readonly adapter: AgentAdapter; readonly mode: SandboxSpec['mode']; readonly way: WayOut };

const specFor = async (
  services: DaemonServices,
  instance: Instance,
  { adapter, mode, way }: Wanted,
): Promise<SandboxSpec> => {
  const target = services.targetOf(instance);
  const { git, paths, shipped } = target;
  const granted = await grantedFolders(services, target);
  const id = instance.instance_id;
  const own = sandboxOf(paths, id);
  const record = recordFolderOf(paths, id);
  await target.files.makeFolder(record);
  const spec: SandboxSpec = {
    mode,
    worktree: instance.workspace_path,
    root: paths.root,
    commonDir: paths.commonDir,
    git: { kind: 'private', ...(await git.privateGit(instance.workspace_path, own.git)) },
    home: { at: paths.home, folder: own.home },
    hidden: await hiddenFolders(target, instance.workspace_path),
    read: [
      ...toolchainsIn(paths.home),
      ...(await programFolders(target, adapter)),
      // Node, and what this program is made of.
      ...[shipped.node, ...besides(shipped.node), dirname(shipped.assets)],
      ...[paths.bin, homeOf(paths, id), reachFolder(paths.socket)],
      ...granted.read,
      ...way.read,
    ],
    write: [spoolFolderOf(paths, id), record, ...granted.write],
    network: way.network,
  };
  for (const link of await clearWays(target, spec))
    services.log(`a link in the place of ${link} in the home of ${id} was removed: its sandbox lays something there`);
  return spec;
};

const goneNote = (id: string): Note => ({
  severity: 'warning',
  text: `The git directory that ${id} had in its sandbox was gone, and was made anew of what the repository has: commits that had not come out, other branches and the stash are not in it`,
});

/**
 * Shuts the program of an instance in as far as was found; where that is not at all its worktree has no git directory of its
 * own any more.
 */
export const shutIn = async (
  services: DaemonServices,
  instance: Instance,
  { adapter, level }: { readonly adapter: AgentAdapter; readonly level: Level },
): Promise<ShutIn> => {
  const target = services.targetOf(instance);
  const { mode, isMissing, notes } = level;
  waysOutOf(services).startAnew(instance.instance_id);
  if (mode === 'off') {
    await target.git.sharedGit(instance.workspace_path);
    return { env: {}, notes, ...(isMissing ? { sandbox: 'missing' } : {}) };
  }
  await furnishHome(services, target, instance, adapter);
  await giveReach(target);
  const { assets, node } = target.shipped;
  const folder = spoolFolderOf(target.paths, instance.instance_id);
  const way = wayOut(networkFor(services.settings, mode), {
    folder,
    assets,
    node,
    services: namedServices(services, instance),
  });
  await waysOutOf(services).ensure(instance);
  const { git } = sandboxOf(target.paths, instance.instance_id);
  const isGitAnew = isShutIn(instance) && (await target.files.folders(git)) === null;
  const spec = await specFor(services, instance, { adapter, mode, way });
  return {
    sandbox: mode,
    notes: isGitAnew ? [goneNote(instance.instance_id), ...notes] : notes,
    wall: [...(await target.sandbox.wall(spec)), ...way.prefix],
    insideWall: [...(await target.sandbox.wall(insideSpec(target, instance.instance_id, spec))), ...way.prefix],
    env: {
      ...way.env,
      TMPDIR: '/tmp',
      DROVER_SOCKET: reachSocket(target.paths.socket),
      ...placesIn(target.env, target.paths.home),
    },
  };
};
