import type { DaemonServices } from '../../src/daemon/services.ts';
import { localFiles } from '../../src/files/open.ts';
import { openLogs } from '../../src/logs/open.ts';
import type { Target } from '../../src/ports/target.ts';

type Parts = { readonly [Name in keyof Target]?: object };

/** What a daemon has whose instances all live on one machine, of which only these parts are asked; its files are real. */
export const servicesOn = (parts: Parts): Pick<DaemonServices, 'home' | 'targets' | 'targetOf' | 'launchTarget'> => {
  const target = { host: 'local', files: localFiles, logs: openLogs(), ...parts } as unknown as Target;
  return { home: target, targets: [target], targetOf: () => target, launchTarget: target };
};
