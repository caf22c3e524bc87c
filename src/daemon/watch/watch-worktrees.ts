import { parseDuration } from '../../lib/duration.ts';
import { valuesOf } from '../../lib/records.ts';
import type { Reply } from '../../ports/swarm.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { emptyTrash } from '../actions/trash.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';

const MERGED_MS = 5000;
const TRASH_MS = 30_000;

/** What stayed although its time had come is looked at again after so long, in milliseconds. */
const AGAIN_MS = 600_000;

/** When the work that an instance did last was merged; undefined where it is not, or where no task was done. */
const mergedAt = ({ batches, tasks }: State, { branch_name }: Instance): string | undefined => {
  const task = valuesOf(tasks).findLast(({ run }) => run?.branch === branch_name);
  return (task?.batch ?? null) === null ? undefined : (batches[task!.batch!]?.finished_at ?? undefined);
};

/** The stopped instances whose work was merged, and that have been at rest since, for so many milliseconds. */
const instancesDone = (state: State, now: number, graceMs: number): readonly Instance[] =>
  Object.values(state.instances).filter((one) => {
    const merged = mergedAt(state, one);
    if (one.state.kind !== 'stopped' || merged === undefined || one.task_assignments.length > 0) return false;
    return now - Math.max(Date.parse(merged), Date.parse(one.state.since)) >= graceMs;
  });

type Say = (text: string, how: { yes: boolean }) => Promise<Reply>;

/** Cleans up the worktrees of instances that are done, once; it says the command that a person would say. */
const cleanMerged = async (
  services: DaemonServices,
  say: Say,
  looked: Map<string, number> = new Map(),
): Promise<void> => {
  const graceMs = parseDuration(services.settings.cleanup.grace);
  if (graceMs === undefined) return;
  const now = Date.parse(services.now());
  const due = instancesDone(services.store.state, now, graceMs)
    .map((one) => ({ name: one.instance_id, key: `${one.instance_id} ${one.state.since}`, one }))
    .filter(({ key }) => now - (looked.get(key) ?? 0) >= AGAIN_MS);
  for (const { name, key, one } of due) {
    looked.set(key, now);
    if (!(await services.targetOf(one).git.hasWorktree(one.workspace_path))) continue;
    const reply = await say(`clean worktree ${saidId(name)}`, { yes: true });
    services.log(`${name} is merged and stopped: ${reply.message}`);
  }
};

/** Removes the worktrees of merged work and empties the trash, each when its time is over, until the daemon ends. */
export const watchWorktrees = (services: DaemonServices, say: Say): readonly Service[] => {
  const { log, signal } = services;
  const looked = new Map<string, number>();
  const ends = { log, signal };
  return [
    repeatRounds(
      {
        name: 'merge-cleaner',
        capabilities: ['remove the worktrees of merged tasks'],
        complaint: 'cleaning up after merges failed',
        everyMs: MERGED_MS,
        ...ends,
      },
      () => cleanMerged(services, say, looked),
    ),
    repeatRounds(
      {
        name: 'trash-watch',
        capabilities: ['delete removed worktrees when their time is over'],
        complaint: 'emptying the trash failed',
        everyMs: TRASH_MS,
        ...ends,
      },
      () => emptyTrash(services),
    ),
  ];
};
