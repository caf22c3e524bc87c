import { entryOf } from '../lib/entry.ts';
import type { PermissionSettings, Settings } from './settings.ts';

/**
 * The use of a tool that an agent asks for: the tool by the names of Claude Code, and the command, path or address it
 * is to be used on.
 */
export type ToolUse = {
  readonly tool: string;
  readonly subject: string;
  /** Whether that is all of it: what was cut is never allowed by a pattern. */
  readonly whole: boolean;
};

/** Rules with the place in the configuration where they stand. */
export type RuleLayer = { readonly place: string; readonly rules: PermissionSettings };

/** The policy that stands nearest, and its place; without one a person is asked. */
export const policyOf = (
  layers: readonly RuleLayer[],
): { readonly policy: 'ask' | 'allow' | 'deny'; readonly place: string | null } => {
  const near = layers.find(({ rules }) => rules.policy !== undefined);
  return { policy: near?.rules.policy ?? 'ask', place: near?.place ?? null };
};

/** The rules for an agent in a run profile, the nearest first. */
export const layersFor = (
  settings: Settings,
  { agent, mode }: { readonly agent: string | null; readonly mode: string | null },
): readonly RuleLayer[] => [
  ...[entryOf(settings.agents, agent)?.permissions].flatMap((rules) =>
    rules ? [{ place: `agents.${agent}.permissions`, rules }] : [],
  ),
  ...[entryOf(settings.modes, mode)?.permissions].flatMap((rules) =>
    rules ? [{ place: `modes.${mode}.permissions`, rules }] : [],
  ),
  { place: 'permissions', rules: settings.permissions },
];

/** All rules and the policy that hold, in one value: for those who look at them. */
export const policyRecord = (layers: readonly RuleLayer[]) => ({
  policy: policyOf(layers).policy,
  allow: layers.flatMap(({ rules }) => rules.allow ?? []),
  deny: layers.flatMap(({ rules }) => rules.deny ?? []),
});
