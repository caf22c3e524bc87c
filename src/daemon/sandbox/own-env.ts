import { sandboxOf } from '../../lib/paths.ts';
import type { Target } from '../../ports/target.ts';
import { type Instance, isShutIn } from '../../state/instances.ts';

/** Variables that say where programs keep their things, and where that is below a home of their own. */
const PLACES: Readonly<Record<string, string>> = {
  CLAUDE_CONFIG_DIR: '/.claude',
  CODEX_HOME: '/.codex',
  GEMINI_CLI_HOME: '',
  XDG_CONFIG_HOME: '/.config',
  XDG_DATA_HOME: '/.local/share',
  XDG_STATE_HOME: '/.local/state',
  XDG_CACHE_HOME: '/.cache',
};

/** The first of them that an environment has. */
export const placeIn = (env: Readonly<Record<string, string>>): string | undefined =>
  Object.keys(PLACES).find((name) => env[name]);

/** Those of them that an environment has, as they are for who has a home of its own. */
export const placesIn = (env: Target['env'], home: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(PLACES).flatMap(([name, below]) => (env[name] ? [[name, `${home}${below}`]] : [])));

/** The environment by which what the program of an instance writes down is found: one that is shut in has its own home. */
export const envOf = (
  { env, paths }: Pick<Target, 'env' | 'paths'>,
  instance: Pick<Instance, 'instance_id' | 'sandbox'> | undefined,
): Target['env'] => {
  if (!instance || !isShutIn(instance)) return env;
  const { home } = sandboxOf(paths, instance.instance_id);
  return { ...env, HOME: home, ...placesIn(env, home) };
};

/** Where a file is that the program of an instance names: one that is shut in knows its home by the person's path. */
export const placeOutside = (
  { paths }: Pick<Target, 'paths'>,
  instance: Pick<Instance, 'instance_id' | 'sandbox'>,
  path: string,
): string | undefined => {
  if (!isShutIn(instance)) return path;
  if (!path.startsWith(`${paths.home}/`) || path.split('/').includes('..')) return undefined;
  return `${sandboxOf(paths, instance.instance_id).home}${path.slice(paths.home.length)}`;
};
