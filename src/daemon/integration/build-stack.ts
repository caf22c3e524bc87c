import type { Batch } from '../../state/batches.ts';
import { waitsFor } from '../../tasks/gates.ts';
import type { DaemonServices } from '../services.ts';
import { conflictAside } from './conflict-aside.ts';
import { landTask } from './land-task.ts';
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
    const next = mergeable(services.store.state, soFar, id, integration);
    if ('task' in next && !waiting.some((other) => waitsFor(next.task, other))) return put(next.task);
    if ('task' in next) waiting.push(next.task);
    else asides.push(next.aside);
    return true;
  };
  return { layers, asides, take };
};

/**
 * Merges the next tasks of a batch in memory, one on top of the other, as many as are judged together. What conflicts only
 * with merges that are not judged yet waits until they are: one of them may turn out to be bad.
 */
export const buildStack = async (services: DaemonServices, batch: Batch, limits: Limits): Promise<Stack> => {
  const { layers, asides, take } = openStack(services, batch, limits);
  for (const id of waitingTasks(batch)) {
    if (layers.length === limits.most || services.store.state.batches[batch.id]?.cancelled != null) break;
    if (!(await take(id))) break;
  }
  return { layers, asides };
};
