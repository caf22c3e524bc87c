import { entryOf } from '../lib/entry.ts';
import { findMode } from './modes.ts';
import type { SandboxMode, SandboxNeed, SandboxNetwork } from './sandbox-settings.ts';
import type { Settings } from './settings.ts';
import type { Swarm } from './swarm.ts';

type Said = Pick<Settings, 'agents' | 'modes' | 'sandbox'>;

/** What is wanted for a program; `said`: somebody wrote it down, it does not only follow from how free the program is. */
export type SandboxChoice = { readonly mode: SandboxMode; readonly need: SandboxNeed; readonly said: boolean };

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
  if (said !== undefined) return { mode: said, need, said: true };
  return { mode: mode !== null && isUnasked(settings, mode) ? 'worktree' : 'off', need, said: false };
};

/** Whom an agent reaches that is shut in so far; without a sandbox nobody is kept from anything. */
export const networkFor = ({ sandbox }: Pick<Settings, 'sandbox'>, mode: SandboxMode): SandboxNetwork =>
  mode === 'off' ? 'on' : (sandbox.network ?? (mode === 'strict' ? 'allow-list' : 'on'));

/** Whether somebody has a sandbox for an agent or a run profile. */
const isAskedForSome = ({ agents, modes }: Pick<Settings, 'agents' | 'modes'>): boolean =>
  [...Object.values(agents), ...Object.values(modes)].some(({ sandbox = 'off' }) => sandbox !== 'off');

/**
 * The same for checks and gates. Where nobody says a word they run as the agents do: what those write is run by them, so that
 * an agent in a sandbox would have its check do what it cannot. What it wrote is judged, merged and run by all later ones when
 * it is gone itself: a swarm that had one counts as one that has.
 */
export const sandboxForChecks = (
  { agents, modes, sandbox }: Said,
  { had_shut_in }: Pick<Swarm, 'had_shut_in'>,
): { readonly mode: SandboxMode; readonly network: SandboxNetwork } => {
  const said = sandbox.checks ?? sandbox.mode;
  const mode = said ?? (had_shut_in || isAskedForSome({ agents, modes }) ? 'worktree' : 'off');
  if (mode === 'off') return { mode, network: 'on' };
  return { mode, network: sandbox.checks_network ?? (said === undefined ? 'on' : 'off') };
};
