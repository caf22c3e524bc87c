import { entryOf } from '../lib/entry.ts';
import type { SandboxMode, SandboxNeed, SandboxNetwork } from './sandbox-settings.ts';
import type { Settings } from './settings.ts';

/** What the settings want for a program: the word of its run profile, else that of its agent, else that of the repository. */
export const sandboxFor = (
  settings: Pick<Settings, 'agents' | 'modes' | 'sandbox'>,
  { agent, mode }: { readonly agent: string; readonly mode: string | null },
): { readonly mode: SandboxMode; readonly need: SandboxNeed } => {
  const byMode = mode === null ? undefined : entryOf(settings.modes, mode)?.sandbox;
  return {
    mode: byMode ?? entryOf(settings.agents, agent)?.sandbox ?? settings.sandbox.mode,
    need: settings.sandbox.need,
  };
};

/** Whom an agent reaches that is shut in so far; without a sandbox nobody is kept from anything. */
export const networkFor = ({ sandbox }: Pick<Settings, 'sandbox'>, mode: SandboxMode): SandboxNetwork =>
  mode === 'off' ? 'on' : (sandbox.network ?? (mode === 'strict' ? 'allow-list' : 'on'));

/** The same for checks and gates. */
export const sandboxForChecks = ({
  sandbox,
}: Pick<Settings, 'sandbox'>): { readonly mode: SandboxMode; readonly network: SandboxNetwork } => {
  const mode = sandbox.checks ?? sandbox.mode;
  return { mode, network: mode === 'off' ? 'on' : sandbox.checks_network };
};
