import { dirname } from 'node:path';
import type { AgentAdapter } from '../../agents/adapter.ts';
import { messageOf } from '../../lib/errors.ts';
import { reachFolder, reachSocket, sandboxOf, spoolFolderOf } from '../../lib/paths.ts';
import type { SandboxSpec } from '../../ports/sandbox.ts';
import type { Target } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import { holdsKeys } from '../../sandbox/folders.ts';
import { type WayOut, wayOut } from '../../sandbox/network.ts';
import { toolchainsIn } from '../../sandbox/toolchains.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { type Instance, isShutIn } from '../../state/instances.ts';
import { networkFor, type SandboxChoice, sandboxFor } from '../../state/sandbox-choice.ts';
import { sandboxMissing } from '../errors.ts';
import { type DaemonServices, homeOf, instancesOn } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { recordFolderOf } from '../signals/known-records.ts';
import { clearWays } from './clear-ways.ts';
import { grantedFolders } from './granted-folders.ts';
import { hiddenFolders } from './hidden-folders.ts';
import { insideSpec } from './inside-shell.ts';
import { lossOf } from './loss.ts';
import { placesIn } from './own-env.ts';
import { namedServices, waysOutOf } from './ways-out.ts';

/** How the program of an instance is shut in, and what is recorded of that; without a wall it is not. */
export type ShutIn = {
  readonly sandbox?: NonNullable<Instance['sandbox']>;
  readonly wall?: readonly string[];
  /** The same for a shell of the person there. */
  readonly insideWall?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Why there is no sandbox for a program that was to be in one, and whether somebody had asked for it. */
  readonly why?: string;
  readonly said?: boolean;
  /** Whether its git directory was gone since it was shut in last. */
  readonly isGitAnew?: boolean;
};

const toldFact = (id: string, severity: 'info' | 'warning', text: string): EventDraft => ({
  type: 'alert.raised',
  data: {
    ...{ id: `sandbox:${id}`, severity, instance: id, task: null },
    ...{ text, suggestion: `show instance ${saidId(id)}` },
  },
});

/**
 * The facts that tell a person of a program that runs without the sandbox that it was to have, or whose git directory in it was
 * gone; or that neither is so any more.
 */
export const sandboxFacts = (
  state: State,
  id: string,
  { why, said, isGitAnew = false }: Pick<ShutIn, 'why' | 'said' | 'isGitAnew'>,
): EventDraft[] => {
  if (why !== undefined)
    return [toldFact(id, said ? 'warning' : 'info', `${id} runs without the sandbox that it was to have: ${why}`)];
  if (!isGitAnew) return clearAlertFacts(state, `sandbox:${id}`, 'started again');
  const text = `The git directory that ${id} had in its sandbox was gone, and was made anew of what the repository has: commits that had not come out, other branches and the stash are not in it`;
  return [toldFact(id, 'warning', text)];
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

/** A home that keeps nothing of the person's but what the adapter names; what is there already stays. */
const furnishHome = async (
  { log }: Pick<DaemonServices, 'log'>,
  { files, env, paths }: Target,
  instance: Instance,
  adapter: AgentAdapter,
): Promise<void> => {
  const { home } = sandboxOf(paths, instance.instance_id);
  await files.makeFolder(home);
  const leftOut = (what: string, why: string): void =>
    log(`${what} was not brought into the home of ${instance.instance_id}: ${why}`);
  for (const { from, into, copies } of adapter.broughtIn?.(env) ?? []) {
    if ((await files.folders(from)) === null) continue;
    try {
      const { refused } = await files.furnish({ from, to: home, into, copies: [], trees: copies, links: [] });
      for (const { path, why } of refused) leftOut(`${from}/${path}`, why);
    } catch (error) {
      leftOut(from, messageOf(error));
    }
  }
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

/** What is wanted for an instance; a program that only pretends to work needs no walls that nobody asked for. */
const choiceFor = ({ settings }: DaemonServices, instance: Instance, { pretends }: AgentAdapter): SandboxChoice => {
  const wanted = sandboxFor(settings, instance);
  return pretends && !wanted.said ? { ...wanted, mode: 'off' } : wanted;
};

/** Why a program is not shut in that was to be. */
const obstacle = async (
  services: DaemonServices,
  target: Target,
  { adapter, wanted }: { readonly adapter: AgentAdapter; readonly wanted: SandboxChoice },
): Promise<string | null> => {
  if (wanted.mode === 'off') return null;
  const lack = await target.sandbox.lack({ what: 'agent', network: networkFor(services.settings, wanted.mode) });
  return lack ?? (wanted.said ? null : lossOf(services, target, adapter));
};

/**
 * Shuts the program of an instance in as the settings want it; where that is off its worktree has no git directory of its
 * own any more. Throws where a sandbox is required and there is none: nobody is let out without a word.
 */
export const shutIn = async (services: DaemonServices, instance: Instance, adapter: AgentAdapter): Promise<ShutIn> => {
  const target = services.targetOf(instance);
  const wanted = choiceFor(services, instance, adapter);
  const { mode, need } = wanted;
  const why = await obstacle(services, target, { adapter, wanted });
  if (why !== null && need === 'required') throw sandboxMissing({ instance: instance.instance_id, mode, why });
  if (why !== null) services.log(`${instance.instance_id} is started without a sandbox (${mode}): ${why}`);
  waysOutOf(services).startAnew(instance.instance_id);
  if (mode === 'off' || why !== null) {
    await target.git.sharedGit(instance.workspace_path);
    return { env: {}, ...(why === null ? {} : { sandbox: 'missing', why, said: wanted.said }) };
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
    ...(isGitAnew ? { isGitAnew } : {}),
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
