import { checksFolder } from '../../lib/paths.ts';
import type { Target } from '../../ports/target.ts';
import { wayOut } from '../../sandbox/network.ts';
import { toolchainsIn } from '../../sandbox/toolchains.ts';
import { sandboxForChecks, sandboxForSetUp } from '../../state/sandbox-choice.ts';
import type { SandboxMode, SandboxNetwork } from '../../state/sandbox-settings.ts';
import { checkNotShutIn } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { grantedFolders } from './granted-folders.ts';
import { hiddenFolders } from './hidden-folders.ts';
import { namedServices, waysOutOf } from './ways-out.ts';

/** A check or gate, shut in or not. */
type Check = { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

/** The words that stand before a check and shut it in, and its environment inside. */
export type ShutInCheck = {
  readonly wall: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it reaches nobody. */
  readonly alone: boolean;
};

/** What of the person's is run where an agent may have written what it runs. */
const KINDS = {
  check: { what: 'checks and gates', key: 'sandbox.checks', alert: 'sandbox:checks', walls: sandboxForChecks },
  setUp: { what: 'set-ups and teardowns', key: 'sandbox.setup', alert: 'sandbox:setup', walls: sandboxForSetUp },
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/** That they run without what the settings ask for is told for as long as it is so. */
const tellMissing = (
  { decide }: DaemonServices,
  { what, key, alert: id }: Kind,
  why: string | null,
): Promise<unknown> =>
  decide((state) => {
    if (why === null) return clearAlertFacts(state, id, `${what} run as the settings say`);
    const text = `${what[0]!.toUpperCase()}${what.slice(1)} run without a sandbox, because this machine has none: ${why}`;
    if (state.alerts[id]?.text === text) return [];
    const about = { suggestion: `show config ${key}`, instance: null, task: null };
    return [{ type: 'alert.raised', data: { id, severity: 'warning', text, ...about } }];
  });

type Wanted = { readonly mode: Exclude<SandboxMode, 'off'>; readonly network: SandboxNetwork };

/**
 * A sandbox that nobody was in before: what is checked was written by an agent, and may be anything. It has neither the
 * folder of an instance nor a home that stays, and git can be read but not written.
 */
const wallFor = async (
  services: DaemonServices,
  target: Target,
  { mode, network }: Wanted,
  { cwd, env }: Check,
): Promise<ShutInCheck> => {
  const { git, paths, shipped } = target;
  const home = env['HOME'] ?? target.env['HOME'] ?? '/';
  const granted = await grantedFolders(services, target);
  const way = wayOut(network, { folder: checksFolder(paths), ...shipped, services: namedServices(services) });
  if (network === 'allow-list') await waysOutOf(services).ensureForChecks();
  const wall = await target.sandbox.wall({
    mode,
    worktree: cwd,
    root: paths.root,
    commonDir: paths.commonDir,
    git: { kind: 'read-only', config: await git.settingsInside(cwd) },
    home: { at: home, folder: null },
    hidden: await hiddenFolders(target, cwd),
    read: [...toolchainsIn(home), shipped.node, ...granted.read, ...way.read],
    write: granted.write,
    network: way.network,
  });
  return { wall: [...wall, ...way.prefix], env: { ...env, TMPDIR: '/tmp', ...way.env }, alone: network === 'off' };
};

const shutInAs = async (
  kind: Kind,
  services: DaemonServices,
  target: Target,
  check: Check,
): Promise<ShutInCheck | null> => {
  const { settings, store } = services;
  const { mode, network } = kind.walls(settings, store.state.swarm);
  if (mode === 'off') {
    if (store.state.alerts[kind.alert]) await tellMissing(services, kind, null);
    return null;
  }
  const why = await target.sandbox.lack({ what: 'check', network });
  if (why !== null && settings.sandbox.need === 'required') throw checkNotShutIn({ ...kind, why });
  await tellMissing(services, kind, why);
  return why === null ? wallFor(services, target, { mode, network }, check) : null;
};

/** How a check is shut in, as the settings want it; null where it is not to be, or cannot be and need not. */
export const shutInCheck = (services: DaemonServices, target: Target, check: Check): Promise<ShutInCheck | null> =>
  shutInAs(KINDS.check, services, target, check);

/** The same for a set-up or teardown. */
export const shutInSetUp = (services: DaemonServices, target: Target, setUp: Check): Promise<ShutInCheck | null> =>
  shutInAs(KINDS.setUp, services, target, setUp);
