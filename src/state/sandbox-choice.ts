import { entryOf } from '../lib/entry.ts';
import type { SandboxMode, SandboxNeed } from './sandbox-settings.ts';
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
