import { entryOf } from '../lib/entry.ts';
import { type Instance, shutInSoFar } from './instances.ts';
import { findMode } from './modes.ts';
import { type SandboxMode, type SandboxNeed, type SandboxNetwork, strongestOf } from './sandbox-settings.ts';
import type { Settings } from './settings.ts';
import type { Swarm } from './swarm.ts';

type Said = Pick<Settings, 'agents' | 'modes' | 'sandbox'>;
type Placed = Pick<Instance, 'agent' | 'mode' | 'sandbox' | 'was_shut_in'>;

/**
 * What is wanted for a program; `said`: somebody wrote it down, or a program before it had it, it does not only follow from how
 * free the program is; `inherited`: only from that program before it.
 */
export type SandboxChoice = {
  readonly mode: SandboxMode;
  readonly need: SandboxNeed;
  readonly said: boolean;
  readonly inherited?: boolean;
};

/** Whether a run profile lets an agent do everything unasked: then nobody but a sandbox stands in its way. */
export const isUnasked = (settings: Pick<Settings, 'modes'>, mode: string): boolean => {
  const found = findMode(mode, settings);
  return found?.autonomy === 'full' && !found.read_only;
};

/** What the settings want for a program: the word of its run profile, else that of its agent, else that of the repository. */
export const sandboxFor = (
  settings: Said,
  { agent, mode }: { readonly agent: string; readonly mode: string | null },
): SandboxChoice => {
  const byMode = mode === null ? undefined : entryOf(settings.modes, mode)?.sandbox;
  const said = byMode ?? entryOf(settings.agents, agent)?.sandbox ?? settings.sandbox.mode;
  const { need } = settings.sandbox;
  if (need === 'off') return { mode: 'off', need, said: true };
  if (said !== undefined) return { mode: said, need, said: true };
  return { mode: mode !== null && isUnasked(settings, mode) ? 'worktree' : 'off', need, said: false };
};

/**
 * The same for an instance. Whatever is started in a worktree runs what earlier programs left there, hooks of agents among it:
 * nobody is less shut in than they were, unless somebody's word is that none is to be.
 */
export const sandboxForInstance = (settings: Said, instance: Placed): SandboxChoice => {
  const wanted = sandboxFor(settings, instance);
  const before = shutInSoFar(instance);
  const isLetOut = wanted.said && wanted.mode === 'off';
  if (before === 'off' || isLetOut) return wanted;
  return { ...wanted, mode: strongestOf([wanted.mode, before]), said: true, inherited: !wanted.said };
};

/** Whom an agent reaches that is shut in so far; without a sandbox nobody is kept from anything. */
export const networkFor = ({ sandbox }: Pick<Settings, 'sandbox'>, mode: SandboxMode): SandboxNetwork =>
  mode === 'off' ? 'on' : (sandbox.network ?? (mode === 'strict' ? 'allow-list' : 'on'));

type Walls = { readonly mode: SandboxMode; readonly network: SandboxNetwork };

/** How far those are shut in at most whose work checks run; somebody's own "off" for all is no matter of single agents. */
const strictestOf = ({ agents, modes, sandbox }: Said, { had_shut_in }: Pick<Swarm, 'had_shut_in'>): SandboxMode => {
  if (sandbox.mode === 'off') return 'off';
  const own = [...Object.values(agents), ...Object.values(modes)].map((one) => one.sandbox);
  return strongestOf([sandbox.mode, ...own, ...(had_shut_in ? ['worktree'] : [])]);
};

/**
 * The same for checks and gates. Where nobody says a word they run as the agents do: what those write is run by them, so that
 * an agent in a sandbox would have its check do what it cannot. What it wrote is judged, merged and run by all later ones when
 * it is gone itself: a swarm that had one counts as one that has. Nobody is reached by them until somebody says so: what they
 * run was written by whoever wants to be let out.
 */
export const sandboxForChecks = (settings: Said, swarm: Pick<Swarm, 'had_shut_in'>): Walls => {
  const { checks, checks_network: network, need } = settings.sandbox;
  const mode = need === 'off' ? need : (checks ?? strictestOf(settings, swarm));
  return { mode, network: mode === 'off' ? 'on' : (network ?? 'off') };
};

/**
 * The same for set-up and teardown of a worktree in which an agent may have written what they run. They fetch what an agent
 * could fetch itself: whom it reaches they reach.
 */
export const sandboxForSetUp = (settings: Said, swarm: Pick<Swarm, 'had_shut_in'>): Walls => {
  const { need, setup } = settings.sandbox;
  const mode = need === 'off' ? need : (setup ?? sandboxForChecks(settings, swarm).mode);
  return { mode, network: networkFor(settings, mode) };
};
