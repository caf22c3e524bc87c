import { setTimeout as pause } from 'node:timers/promises';
import { adviceOf } from '../../lib/errors.ts';
import type { WorkLook } from '../../ports/radar.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { type DaemonServices, reachableInstances } from '../services.ts';

/** A worktree that is gone, or cannot be looked at, is tried again after so many milliseconds. */
const AGAIN_MS = 5000;

/** What a worktree held when it was looked at. */
export type SeenWork = WorkLook & { readonly seen_at: string };

/** What the worktrees of all instances hold, and why some cannot be looked at. */
export type Works = {
  readonly looks: ReadonlyMap<string, SeenWork>;
  /** The instances whose worktrees are gone: there is nothing to look at. */
  readonly gone: ReadonlySet<string>;
  readonly troubles: ReadonlyMap<string, string>;
  readonly done: Promise<void>;
};

/** An instance has a worktree from its launch on until it is removed. */
const hasWorktree = ({ state }: Instance): boolean => state.kind !== 'creating';

/** Follows the worktree of each instance, and rings whenever one of them holds something else. */
export const followWorks = (services: DaemonServices, ring: () => void): Works => {
  const { log, signal, store } = services;
  const looks = new Map<string, SeenWork>();
  const gone = new Set<string>();
  const troubles = new Map<string, string>();
  const followed = new Map<string, { readonly path: string; readonly stop: AbortController }>();
  const ended = new Set<Promise<void>>();

  const forget = (id: string): void => {
    if (looks.delete(id)) ring();
  };
  const lookOn = async (instance: Instance, ends: AbortSignal): Promise<void> => {
    const { instance_id: id, workspace_path } = instance;
    try {
      for await (const look of services.targetOf(instance).git.work(workspace_path, ends)) {
        troubles.delete(id);
        gone.delete(id);
        looks.set(id, { ...look, seen_at: services.now() });
        ring();
      }
      if (!ends.aborted && !gone.has(id)) {
        gone.add(id);
        ring();
      }
    } catch (error) {
      const why = adviceOf(error);
      if (!ends.aborted && troubles.get(id) !== why)
        log(`the work of ${id} is not compared with that of others: ${why}`);
      troubles.set(id, why);
    }
    forget(id);
  };
  const follow = async (instance: Instance, ends: AbortSignal): Promise<void> => {
    while (!ends.aborted) {
      await lookOn(instance, ends);
      await pause(AGAIN_MS, undefined, { signal: ends, ref: false }).catch(() => undefined);
    }
    troubles.delete(instance.instance_id);
    gone.delete(instance.instance_id);
    ring();
  };
  const begin = (instance: Instance): void => {
    const stop = new AbortController();
    followed.set(instance.instance_id, { path: instance.workspace_path, stop });
    const work = follow(instance, AbortSignal.any([signal, stop.signal])).finally(() => ended.delete(work));
    ended.add(work);
  };
  const update = (state: State): void => {
    if (signal.aborted) return;
    const wanted = reachableInstances(services, state).filter(hasWorktree);
    const paths = new Map(wanted.map((one) => [one.instance_id, one.workspace_path]));
    for (const [id, { path, stop }] of followed) {
      if (paths.get(id) === path) continue;
      stop.abort();
      followed.delete(id);
    }
    for (const instance of wanted) if (!followed.has(instance.instance_id)) begin(instance);
  };
  update(store.state);
  const leave = store.subscribe((_events, state) => update(state));
  const over = async (): Promise<void> => {
    await new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      else signal.addEventListener('abort', resolve, { once: true });
    });
    leave();
    await Promise.all(ended);
  };
  return { looks, gone, troubles, done: over() };
};
