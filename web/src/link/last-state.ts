import { STATE_FORMAT } from '../../../src/state/index.ts';
import type { Snapshot } from '../../../src/web/wire.ts';
import type { SwarmView } from './swarm-view.ts';

/** The last state that was known, for a page that is opened while nobody answers. */
export type LastState = { readonly snapshot: Snapshot; readonly savedAt: number };

const STORE = 'drover-last-state';
const addressOf = (repo: string): string => `/last-state/${encodeURIComponent(repo)}`;

/** Pages over plain HTTP from other machines have no such store; then nothing is kept. */
const openStore = async (): Promise<Cache | undefined> => ('caches' in window ? caches.open(STORE) : undefined);

const saveLastState = async (repo: string, { state, repository, surroundings, heardAt }: SwarmView): Promise<void> => {
  const snapshot: Snapshot = {
    ...{ seq: state.seq, state, format: STATE_FORMAT, repository, surroundings },
    ...{ now: new Date(heardAt).toISOString(), connected: false, silentSince: null, identity: null },
  };
  const last: LastState = { snapshot, savedAt: heardAt };
  await (await openStore())?.put(addressOf(repo), new Response(JSON.stringify(last)));
};

export const readLastState = async (repo: string): Promise<LastState | null> => {
  const found = await (await openStore())?.match(addressOf(repo));
  return found ? ((await found.json()) as LastState) : null;
};

/** Forgets all of it: who logs out leaves nothing behind. */
export const forgetLastStates = async (): Promise<void> => {
  if ('caches' in window) await caches.delete(STORE);
};

/** Writing a large state costs time, so it is written seldom, and when somebody leaves the page. */
const SAVE_MS = 15_000;
const FIRST_MS = 2000;

export const openStateSaver = (repo: string) => {
  let latest: SwarmView | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // A full disk only means that nothing is kept.
    if (latest) void saveLastState(repo, latest).catch(() => undefined);
    latest = undefined;
  };
  const saveHidden = (): void => {
    if (document.hidden) save();
  };
  document.addEventListener('visibilitychange', saveHidden);
  return {
    keep: (view: SwarmView): void => {
      latest = view;
      timer ??= setTimeout(save, isFirst ? FIRST_MS : SAVE_MS);
      isFirst = false;
    },
    close: (): void => {
      document.removeEventListener('visibilitychange', saveHidden);
      save();
    },
  };
};
