import type { DaemonServices } from '../services.ts';
import { keptAlertId } from './left-repositories.ts';

/** How a person looks at what refs of the archive keep. */
export const keptText = (refs: readonly string[]): string =>
  `kept as ${refs.join(' and ')} (see it with: git log -p ${refs.join(' ')} --not --branches)`;

/** Tells of commits that are on no branch and that refs of the archive keep. */
export const tellKept = async (services: DaemonServices, refs: readonly string[], what: string): Promise<void> => {
  const about = { suggestion: null, instance: null, task: null };
  await services.decide(() => [
    {
      type: 'alert.raised',
      data: {
        id: keptAlertId(refs[0]!),
        severity: 'warning',
        text: `${what} is ${keptText(refs)}.`,
        ...about,
      },
    },
  ]);
};
