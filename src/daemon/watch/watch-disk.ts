import type { EventDraft, State } from '../../state/index.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

const LOOK_MS = 5000;
const MEGABYTE = 1024 * 1024;
const ALERT = 'disk:low';

/** A disk with less room than is wanted for worktrees. */
type FullDisk = { readonly folder: string; readonly freeMb: number; readonly limitMb: number };

type Looked = Pick<DaemonServices, 'launchTarget' | 'settings'>;

/** The disk of the worktrees where it has less room than the settings want; undefined where there is enough. */
export const fullDisk = async ({ launchTarget, settings }: Looked): Promise<FullDisk | undefined> => {
  const { files, paths } = launchTarget;
  const limitMb = settings.limits.disk_mb;
  const room = limitMb === 0 ? null : await files.room(paths.worktrees);
  if (room === null || room >= limitMb * MEGABYTE) return undefined;
  return { folder: paths.worktrees, freeMb: Math.floor(room / MEGABYTE), limitMb };
};

const lowFacts = ({ folder, freeMb, limitMb }: FullDisk): EventDraft[] => [
  {
    type: 'alert.raised',
    data: {
      id: ALERT,
      severity: 'error',
      text: `Launching instances is stopped until there is room: ${freeMb} MB are free on the disk of ${folder}, limits.disk_mb is ${limitMb}.`,
      suggestion: 'clean worktrees',
      instance: null,
      task: null,
    },
  },
];

/** Tells that nothing is launched while the disk is too full, once for each time, and that it is over. */
export const watchDisk = (services: DaemonServices): Service => {
  const { log, signal, store } = services;
  const isTold = ({ alerts }: State): boolean => alerts[ALERT] !== undefined;
  let wasFull = isTold(store.state);
  return repeatRounds(
    {
      name: 'disk-watch',
      capabilities: ['tell when the disk is too full to launch anything'],
      complaint: 'looking at the room on the disk failed',
      everyMs: LOOK_MS,
      log,
      signal,
    },
    async () => {
      const full = await fullDisk(services);
      if (full && !wasFull) await services.decide((state) => (isTold(state) ? [] : lowFacts(full)));
      if (!full && isTold(store.state))
        await services.decide((state) => clearAlertFacts(state, ALERT, 'there is room on the disk again'));
      wasFull = full !== undefined;
    },
  );
};
