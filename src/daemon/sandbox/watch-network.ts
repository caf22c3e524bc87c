import { checksFolder } from '../../lib/paths.ts';
import { isPresent } from '../../state/moves.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { waysOutOf } from './ways-out.ts';

/** The pause between two looks, in milliseconds; what is started opens its way itself. */
const LOOK_MS = 1000;

/** Ends what led sandboxes to the proxies of an earlier daemon and was left when their programs ended. */
const endLostForwarders = async ({
  home,
  log,
  paths,
}: Pick<DaemonServices, 'home' | 'log' | 'paths'>): Promise<void> => {
  const { processes } = home;
  for (const one of await processes.lostForwarders([home.paths.spool, checksFolder(paths)]))
    if (await processes.endForwarder(one))
      log(`ended process ${one.pid}, which led a sandbox to ${one.folder} whose program is gone`);
};

/** Keeps a way out of its sandbox open for each instance that has a list of whom it reaches, also after a new start of the daemon. */
export const watchNetwork = (services: DaemonServices): Service => {
  const { home, log, signal, store } = services;
  const waysOut = waysOutOf(services);
  let isFirst = true;
  const rounds = repeatRounds(
    {
      name: 'network-watch',
      capabilities: ['let sandboxes reach whom the settings name', 'tell whom they were kept from'],
      complaint: 'a sandbox has no way out',
      everyMs: LOOK_MS,
      log,
      signal,
    },
    async () => {
      if (isFirst) await endLostForwarders(services);
      isFirst = false;
      await waysOut.settle(instancesOn(home, store.state).filter(({ state }) => isPresent(state.kind)));
    },
  );
  return { ...rounds, done: rounds.done.then(() => waysOut.close()) };
};
