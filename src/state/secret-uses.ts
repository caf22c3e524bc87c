import type { Settings } from './settings.ts';
import { secretNamed } from './variables-schema.ts';

/** A secret that settings name, and these settings by their dotted keys. */
export type SecretUse = { readonly name: string; readonly keys: readonly string[] };

/** Every secret that settings name. */
const allUses = ({ agents, checks, worktrees }: Settings): readonly SecretUse[] => {
  const places = [
    ...Object.entries(agents).map(([agent, { env }]) => [`agents.${agent}.env`, env] as const),
    ['checks.env', checks.env] as const,
    ['worktrees.env', worktrees.env] as const,
  ];
  const uses = places.flatMap(([place, env]) =>
    Object.entries(env).flatMap(([key, value]) => {
      const name = secretNamed(value);
      return name === undefined ? [] : [{ name, key: `${place}.${key}` }];
    }),
  );
  return [...Map.groupBy(uses, ({ name }) => name)].map(([name, keys]) => ({ name, keys: keys.map(({ key }) => key) }));
};

/** The settings that name a secret, by their dotted keys. */
export const secretUses = (settings: Settings, name: string): readonly string[] =>
  allUses(settings).find((use) => use.name === name)?.keys ?? [];

type Kept = readonly { readonly name: string }[];

/** The secrets that settings name although there are none of these names. */
export const missingSecrets = (settings: Settings, kept: Kept): readonly SecretUse[] =>
  allUses(settings).filter(({ name }) => kept.every((one) => one.name !== name));

/**
 * The same of one setting and those below it, by its dotted key; without one, of all. What is kept is looked at where a secret
 * is named, and nowhere else.
 */
export const missingSecretsBelow = async (
  settings: Settings,
  list: () => Promise<Kept>,
  setting?: string,
): Promise<readonly SecretUse[]> => {
  const isBelow = (key: string) => setting === undefined || `${key}.`.startsWith(`${setting}.`);
  const named = allUses(settings)
    .map(({ name, keys }) => ({ name, keys: keys.filter(isBelow) }))
    .filter(({ keys }) => keys.length > 0);
  if (named.length === 0) return [];
  const kept = await list();
  return named.filter(({ name }) => kept.every((one) => one.name !== name));
};

/** The secrets that are named anywhere in the value of one setting. */
export const secretsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [secretNamed(value) ?? []].flat();
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
};
