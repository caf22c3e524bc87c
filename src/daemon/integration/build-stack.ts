import type { Batch } from '../../state/batches.ts';
import { waitsFor } from '../../tasks/gates.ts';
import type { DaemonServices } from '../services.ts';
import { conflictAside } from './conflict-aside.ts';
import { landTask, landTogether } from './land-task.ts';
import type { SetAside } from './set-aside.ts';
import { mergeable, type Verified, waitingTasks } from './waiting-tasks.ts';

/** The merge of one task on top of those before it. The commit is on no branch yet. */
export type Layer = { readonly task: Verified; readonly commit: string };

/** What a batch is to publish next, and what it found out on the way. */
export type Stack = { readonly layers: readonly Layer[]; readonly asides: readonly SetAside[] };

type Limits = { readonly most: number; readonly areJudged: boolean };

/** A stack that grows. */
const openStack = (services: DaemonServices, batch: Batch, { areJudged }: Limits) => {
  const { integration } = services.settings;
  const layers: Layer[] = [];
  const asides: SetAside[] = [];
  const waiting: Verified[] = [];

  /** Merges a task on top; whether anything may come after it. */
  const put = async (task: Verified): Promise<boolean> => {
    const landing = await landTask(services, { batch, task, below: layers });
    if (landing.kind === 'landed') layers.push({ task, commit: landing.commit });
    else if (layers.length > 0 && areJudged) {
      waiting.push(task);
      return integration.on_conflict !== 'stop';
    } else asides.push(conflictAside(services.store.state, batch, task, landing.files));
    return true;
  };

  const take = async (id: string): Promise<boolean> => {
    const soFar = { ...batch, set_aside: [...batch.set_aside, ...asides] };
    const next = mergeable(services.store.state, soFar, id, services.settings);
    if ('task' in next && !waiting.some((other) => waitsFor(next.task, other))) return put(next.task);
    if ('task' in next) waiting.push(next.task);
    else asides.push(next.aside);
    return true;
  };

  /** Merges as many of the first tasks together as have nothing to do with each other; resolves with how many. */
  const takeTogether = async (ids: readonly string[]): Promise<number> => {
    const soFar = { ...batch, set_aside: [...batch.set_aside, ...asides] };
    const tasks: Verified[] = [];
    for (const id of ids) {
      const next = mergeable(services.store.state, soFar, id, services.settings);
      if (!('task' in next) || waiting.some((other) => waitsFor(next.task, other))) break;
      tasks.push(next.task);
    }
    if (tasks.length < 2) return 0;
    const commits = await landTogether(services, { batch, tasks, below: layers });
    layers.push(...commits.map((commit, n) => ({ task: tasks[n]!, commit })));
    return commits.length;
  };
  return { layers, asides, take, takeTogether };
};

/**
 * Merges the next tasks of a batch in memory, one on top of the other, as many as are judged together. What conflicts only
 * with merges that are not judged yet waits until they are: one of them may turn out to be bad.
 */
export const buildStack = async (services: DaemonServices, batch: Batch, limits: Limits): Promise<Stack> => {
  const { layers, asides, take, takeTogether } = openStack(services, batch, limits);
  const ids = waitingTasks(batch);
  // Where nothing could be merged together, more and more are merged one by one before that is tried again.
  let [singly, patience] = [0, 1];
  for (let at = 0; at < ids.length; ) {
    if (layers.length === limits.most || services.store.state.batches[batch.id]?.cancelled != null) break;
    if (singly === 0) {
      const together = await takeTogether(ids.slice(at, at + limits.most - layers.length));
      at += together;
      [singly, patience] = together > 1 ? [1, 1] : [patience, patience * 2];
      continue;
    }
    if (!(await take(ids[at]!))) break;
    at += 1;
    singly -= 1;
  }
  return { layers, asides };
};
