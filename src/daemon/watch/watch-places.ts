import type { AppError } from '../../lib/errors.ts';
import { storeTaken } from '../../state/store/errors.ts';
import { socketTaken } from '../errors.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { Server } from '../serve/server.ts';
import type { DaemonServices } from '../services.ts';

const LOOK_MS = 1000;

/**
 * Ends the daemon when its lock, its journal or its socket is not in its place any more: another daemon can start then, and
 * two must not work for one repository. Before it records anything it looks as well; this is for the one that rests.
 */
export const watchPlaces = (
  { store, log, signal }: DaemonServices,
  server: Pick<Server, 'isInPlace'>,
  end: (why: AppError) => void,
): Service => {
  const capabilities = ['end the daemon when another one could start beside it'];
  return repeatRounds({ name: 'place-watch', capabilities, everyMs: LOOK_MS, log, signal }, async () => {
    const path = store.displaced();
    if (path !== undefined) end(storeTaken({ path }));
    else if (!server.isInPlace()) end(socketTaken());
  });
};
