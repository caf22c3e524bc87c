import type { EventDraft, State } from '../../state/index.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

const LOOK_MS = 5000;
const MEGABYTE = 1024 * 1024;
const LOW = 'disk:low';

/** The alert of the disk of the journal; with so little free room, in bytes, it is raised, and with so much it is over. */
const FULL = 'disk:full';
const TIGHT = 16 * MEGABYTE;
const ROOMY = 32 * MEGABYTE;

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

// Without force all of it would go into the trash, on the same disk.
const raised = (id: string, text: string): EventDraft[] => [
  {
    type: 'alert.raised',
    data: { id, severity: 'error', text, suggestion: 'clean worktrees force', instance: null, task: null },
  },
];

const fullFacts = (folder: string, room: number): EventDraft[] =>
  raised(
    FULL,
    `The disk of ${folder} is full: ${Math.floor(room / MEGABYTE)} MB are free, and what is commanded is recorded as long as they last.`,
  );

const lowFacts = ({ folder, freeMb, limitMb }: FullDisk): EventDraft[] =>
  raised(
    LOW,
    `Launching instances is stopped until there is room: ${freeMb} MB are free on the disk of ${folder}, limits.disk_mb is ${limitMb}.`,
  );

/**
 * Keeps room for the time when the disk is full, and tells of that time. What is kept is given back by those who write there
 * then, in the same moment: whoever fills the disk would have it all before them.
 */
const watchOwn = async ({ ballast, decide, home, paths, store }: DaemonServices): Promise<void> => {
  const room = (await home.files.room(paths.state)) ?? ROOMY;
  if (room < TIGHT && !store.state.alerts[FULL])
    await decide((state) => (state.alerts[FULL] ? [] : fullFacts(paths.state, room)));
  if (room < ROOMY) return;
  await ballast.keep();
  if (store.state.alerts[FULL])
    await decide((state) => clearAlertFacts(state, FULL, 'there is room on the disk again'));
};

/** Tells that nothing is launched while the disk is too full, once for each time, and that it is over. */
export const watchDisk = (services: DaemonServices): Service => {
  const { log, signal, store } = services;
  const isTold = ({ alerts }: State): boolean => alerts[LOW] !== undefined;
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
      await watchOwn(services);
      const full = await fullDisk(services);
      if (full && !wasFull) await services.decide((state) => (isTold(state) ? [] : lowFacts(full)));
      if (!full && isTold(store.state))
        await services.decide((state) => clearAlertFacts(state, LOW, 'there is room on the disk again'));
      wasFull = full !== undefined;
    },
  );
};
