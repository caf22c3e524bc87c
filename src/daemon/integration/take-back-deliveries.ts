import { messageOf } from '../../lib/errors.ts';
import { namedFiles } from '../../lib/names.ts';
import type { DaemonServices } from '../services.ts';

/**
 * Puts back what git had written of a delivery in a checkout of the person when it died with the daemon before this one, so that
 * the next try comes upon the checkout as it was. What has to be looked at is told.
 */
export const takeBackDeliveries = async (services: DaemonServices, how: { readonly waits: boolean }): Promise<void> => {
  const { home, log } = services;
  try {
    for (const { branch, root, left } of await home.git.finishForwards(how)) {
      log(`bringing ${branch} forward in ${root} was cut off, and is put back`);
      if (left.length === 0) continue;
      const text = `Bringing ${branch} forward was cut off. What git had written is put back, but for what is neither as it was nor as it was to be: look yourself at ${namedFiles(left)} in ${root}.`;
      const about = { suggestion: null, instance: null, task: null };
      await services.decide(() => [
        { type: 'alert.raised', data: { id: `cut-off:${branch}`, severity: 'warning', text, ...about } },
      ]);
    }
  } catch (error) {
    log(`bringing a branch forward was cut off and stays so: ${messageOf(error)}`);
  }
};
