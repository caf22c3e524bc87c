import { isShortOfFiles } from '../../lib/disk-space.ts';
import { DISK_LOW } from '../../state/alerts.ts';
import type { EventDraft } from '../../state/index.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { makeLackTeller } from './lack-teller.ts';

const LOOK_MS = 5000;
const MEGABYTE = 1024 * 1024;

/** The alert of the disk of the journal; with so little free room, in bytes, it is raised, and with so much it is over. */
const FULL = 'disk:full';
const TIGHT = 16 * MEGABYTE;
const ROOMY = 32 * MEGABYTE;

type Looked = Pick<DaemonServices, 'launchTarget' | 'settings'>;

/**
 * What the disk of the worktrees lacks: room that the settings want, or room for more files; undefined where there
 * is enough.
 */
export const findLack = async ({ launchTarget, settings }: Looked): Promise<string | undefined> => {
  const { files, paths } = launchTarget;
  const folder = paths.worktrees;
  const limitMb = settings.limits.disk_mb;
  if (limitMb === 0) return undefined;
  const room = await files.room(folder);
  if (room !== null && room < limitMb * MEGABYTE)
    return `${Math.floor(room / MEGABYTE)} MB are free on the disk of ${folder}, and limits.disk_mb is ${limitMb}`;
  const count = await files.freeFiles(folder);
  return count && isShortOfFiles(count) ? `${count.free} more files fit on the disk of ${folder}` : undefined;
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

/** Why nothing is launched while the disk lacks this. */
export const lackText = (lack: string): string => `Launching instances is stopped until there is room: ${lack}.`;

const lowFacts = (lack: string): EventDraft[] => raised(DISK_LOW, lackText(lack));

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
  const { log, signal } = services;
  const tell = makeLackTeller(services, { id: DISK_LOW, facts: lowFacts, over: 'there is room on the disk again' });
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
      await tell(await findLack(services));
    },
  );
};
