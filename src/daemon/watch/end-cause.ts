import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import type { EndCause } from '../signals/end-facts.ts';

const MEGABYTE = 1024 * 1024;
/** With less free room, in bytes, what a program writes fails. */
const FULL = 16 * MEGABYTE;
/** How often the kernel's count is read at most, in milliseconds: what it ended in between it ended about then. */
const READ_MS = 2000;

/** How many programs the kernel has ended since it started because no memory was left; null where it does not say so. */
const endedForMemory = async ({ files }: Target): Promise<number | null> => {
  const text = await files.readText('/proc/vmstat').catch(() => null);
  const count = /^oom_kill (?<count>\d+)$/mu.exec(text ?? '')?.groups?.['count'];
  return count === undefined ? null : Number(count);
};

/** Whether a program ended as those do that the kernel ends: a shell says it of its child in a number. */
const wasKilled = ({ code, signal }: { readonly code: number | null; readonly signal: string | null }): boolean =>
  signal === 'SIGKILL' || code === 137;

type Ended = { readonly code: number | null; readonly signal: string | null };

/** Knows of a machine why programs may have ended that did nothing wrong: no memory was left, or no room on the disk. */
export const makeEndCauses = (target: Target, steady: () => number = () => performance.now()) => {
  let known: number | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  const read = async (): Promise<number | null> => {
    const before = known;
    known = await endedForMemory(target);
    readAt = steady();
    return before === null || known === null ? null : known - before;
  };
  return {
    /** Has the count be as fresh as it has to be. */
    note: async (): Promise<void> => {
      if (steady() - readAt >= READ_MS) await read();
    },
    find: async (ended: Ended, { workspace_path }: Pick<Instance, 'workspace_path'>): Promise<EndCause | undefined> => {
      if (wasKilled(ended) && ((await read()) ?? 0) > 0)
        return { class: 'memory', evidence: 'the kernel ended programs just then because no memory was left' };
      const room = ended.code === 0 ? null : await target.files.room(workspace_path);
      if (room === null || room >= FULL) return undefined;
      return {
        class: 'disk',
        evidence: `${Math.floor(room / MEGABYTE)} MB are free on the disk of ${workspace_path}`,
      };
    },
  };
};
export type EndCauses = ReturnType<typeof makeEndCauses>;
