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

/** The batches among these facts that have moved their branch. */
const movedBy = (state: State, events: Parameters<typeof dataOf>[0]): readonly string[] =>
  dataOf(events, 'batch.finished').flatMap(({ id }) => {
    const batch = state.batches[id];
    return batch && batch.merged.length > 0 ? [batch.target] : [];
  });

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
 * Brings clean worktrees whose agents rest or wait up to date when a batch has moved the integration branch, and tells
 * those at work where the settings say so.
 */
export const watchBase = (services: DaemonServices): Service => {
  const { log, signal, store } = services;
  let rounds = Promise.resolve();

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
    if (commit === null) return;
    for (const instance of reachableInstances(services, store.state))
      if (!signal.aborted) await look(instance, branch, commit);
  };

  const stop = store.subscribe((events, state) => {
    if (services.settings.sync.policy === 'off') return;
    for (const branch of movedBy(state, events))
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
