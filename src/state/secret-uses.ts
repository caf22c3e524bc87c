import type { Settings } from './settings.ts';

const REFERENCE = /^secret:(?<name>[a-z0-9][a-z0-9._-]{0,63})$/u;

/** The secret that a value of a setting stands for: `secret:github` for `github`; undefined for any other value. */
export const secretNamed = (value: string): string | undefined => REFERENCE.exec(value)?.groups?.['name'];

/** The settings that name a secret, by their dotted keys. */
export const secretUses = ({ agents, checks }: Settings, name: string): readonly string[] => {
  const places = [
    ...Object.entries(agents).map(([agent, { env }]) => [`agents.${agent}.env`, env] as const),
    ['checks.env', checks.env] as const,
  ];
  return places.flatMap(([place, env]) =>
    Object.entries(env).flatMap(([key, value]) => (secretNamed(value) === name ? [`${place}.${key}`] : [])),
  );
};
