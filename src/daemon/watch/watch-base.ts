import { messageOf } from '../../lib/errors.ts';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { syncWorktree } from '../actions/sync-worktree.ts';
import { typeLine } from '../actions/type-line.ts';
import type { Service } from '../health/service.ts';
import { type DaemonServices, reachableInstances } from '../services.ts';

/** Whether its worktree may be brought up to date by itself: its program is there, and rests or waits. */
const rests = ({ state, hold }: Instance): boolean =>
  hold === null && (state.kind === 'idle' || state.kind === 'waiting');

const works = ({ state, hold }: Instance): boolean => hold === null && state.kind === 'working';

/** The branches of merges that these facts may have moved: by a batch, or by somebody who brought their own work in. */
const movedBy = (
  { settings }: DaemonServices,
  state: State,
  events: Parameters<typeof dataOf>[0],
): ReadonlySet<string> => {
  const batches = dataOf(events, 'batch.finished').flatMap(({ id }) => {
    const batch = state.batches[id];
    return batch && batch.merged.length > 0 ? [batch.target] : [];
  });
  const isSynced = dataOf(events, 'command.finished').some(
    ({ verb, noun, exit }) => verb === 'sync' && noun === 'branch' && exit === 0,
  );
  return new Set([...batches, ...(isSynced ? [settings.branches.integration] : [])]);
};

const bringUpToDate = async (services: DaemonServices, instance: Instance, commit: string): Promise<void> => {
  const { instance_id: name, workspace_path: path } = instance;
  const { branch } = await services.targetOf(instance).git.worktreeState(path);
  const { method } = services.settings.sync;
  const request = { worktree: { name, path }, branch, sources: [commit], method, dryRun: false };
  const { status, reason, conflicts } = await syncWorktree(services, request);
  const why = reason ?? conflicts.join(', ');
  services.log(`the worktree of ${name} with the new base: ${status}${why === '' ? '' : ` (${why})`}`);
};

/**
 * Brings clean worktrees whose agents rest or wait up to date when the integration branch has moved, and tells those at work
 * where the settings say so.
 */
export const watchBase = (services: DaemonServices): Service => {
  const { log, signal, store } = services;
  let rounds = Promise.resolve();
  const seen = new Map<string, string>();

  const look = async (instance: Instance, branch: string, commit: string): Promise<void> => {
    try {
      if (rests(instance)) await bringUpToDate(services, instance, commit);
      else if (services.settings.sync.policy === 'tell' && works(instance)) {
        const text = `${branch} has moved to ${commit.slice(0, 10)}. When your work is committed, say: git merge ${commit.slice(0, 10)}`;
        await typeLine(services, instance, { text });
      }
    } catch (error) {
      if (!signal.aborted) log(`${instance.instance_id} was not brought up to date: ${messageOf(error)}`);
    }
  };

  const round = async (branch: string): Promise<void> => {
    const commit = await services.home.git.resolve(`refs/heads/${branch}`);
    if (commit === null || seen.get(branch) === commit) return;
    seen.set(branch, commit);
    for (const instance of reachableInstances(services, store.state))
      if (!signal.aborted) await look(instance, branch, commit);
  };

  const stop = store.subscribe((events, state) => {
    if (services.settings.sync.policy === 'off') return;
    for (const branch of movedBy(services, state, events))
      rounds = rounds
        .then(() => round(branch))
        .catch((error: unknown) => log(`worktrees were not brought up to date: ${messageOf(error)}`));
  });
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return {
    name: 'base-watch',
    capabilities: ['bring worktrees up to date when the integration branch has moved'],
    health: () => ({ state: 'ok', why: null, indicators: {} }),
    done: ended.then(() => {
      stop();
      return rounds;
    }),
  };
};
