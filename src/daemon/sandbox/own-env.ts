import { sandboxOf } from '../../lib/paths.ts';
import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';

/** Whether the program of an instance runs in a sandbox. */
export const isShutIn = ({ sandbox = 'missing' }: Pick<Instance, 'sandbox'>): boolean => sandbox !== 'missing';

/** The environment by which what the program of an instance writes down is found: one that is shut in has its own home. */
export const envOf = (
  { env, paths }: Pick<Target, 'env' | 'paths'>,
  instance: Pick<Instance, 'instance_id' | 'sandbox'> | undefined,
): Target['env'] => {
  if (!instance || !isShutIn(instance)) return env;
  const { home } = sandboxOf(paths, instance.instance_id);
  return { ...env, HOME: home, ...(env['CLAUDE_CONFIG_DIR'] ? { CLAUDE_CONFIG_DIR: `${home}/.claude` } : {}) };
};
