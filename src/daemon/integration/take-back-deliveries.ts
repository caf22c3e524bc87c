import { messageOf } from '../../lib/errors.ts';
import { namedFiles } from '../../lib/names.ts';
import type { CutForward } from '../../ports/index.ts';
import type { DaemonServices } from '../services.ts';

/** What a person has to look at, or why all of it stays for now. */
const whatStays = ({ root, branch, left, trouble }: CutForward): string =>
  trouble === null
    ? `What git had written is put back, but for what is neither as it was nor as it was to be: look yourself at ${namedFiles(left)} in ${root}.`
    : `What git had written in ${root} is not put back: ${trouble}. It is tried again before ${branch} is next brought forward.`;

/**
 * Puts back what git had written of a delivery in a checkout of the person when it died with the daemon before this one, so that
 * the next try comes upon the checkout as it was. What has to be looked at is told.
 */
export const takeBackDeliveries = async (services: DaemonServices, how: { readonly waits: boolean }): Promise<void> => {
  const { home, log } = services;
  try {
    for (const one of await home.git.finishForwards(how)) {
      const { branch, root, left, trouble } = one;
      log(
        `bringing ${branch} forward in ${root} was cut off, and ${trouble === null ? 'is put back' : `stays so: ${trouble}`}`,
      );
      if (left.length === 0 && trouble === null) continue;
      const text = `Bringing ${branch} forward was cut off. ${whatStays(one)}`;
      const about = { suggestion: null, instance: null, task: null };
      await services.decide(() => [
        { type: 'alert.raised', data: { id: `cut-off:${branch}`, severity: 'warning', text, ...about } },
      ]);
    }
  } catch (error) {
    log(`bringing a branch forward was cut off and stays so: ${messageOf(error)}`);
  }
};
