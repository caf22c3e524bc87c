import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { plural } from '../../text/wording.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from './alert-facts.ts';
import { type Loss, lossFacts } from './end-facts.ts';
import { recoveryContextOf } from './run-recovery-facts.ts';

/** How long a program may take to end after its session, and how often it is looked at meanwhile, in milliseconds. */
const LAST_MS = 2000;
const STEP_MS = 50;

/** The alert about what has taken several instances with it: one word brings all of them back. `says`: what it was, of so many. */
const lossAlert = (state: State, ids: readonly string[], says: (lost: number) => string): EventDraft[] => {
  if (ids.length === 0) return [];
  const lost = Object.values(state.instances).filter(
    (one) => one.state.kind === 'lost' || ids.includes(one.instance_id),
  ).length;
  const about = { suggestion: 'resume all instances', instance: null, task: null };
  return [{ type: 'alert.raised', data: { id: 'server', severity: 'error', text: says(lost), ...about } }];
};

const serverGone = (lost: number): string =>
  `the tmux server is gone, and with it ${plural(lost, 'instance')}; worktrees, branches and tasks are as they were`;

/** The programs that a restored state tells of ended before it was restored. */
const backupRestored = (lost: number): string =>
  `a backup was restored, in which ${plural(lost, 'instance')} worked that ${lost === 1 ? 'has' : 'have'} no session any more; worktrees and branches are as they were`;

const alertId = (id: string): string => `elsewhere:${id}`;

/** The facts about a program that goes on though the tmux server that is asked has no session of it: nobody takes its place. */
export const elsewhereFacts = (state: State, id: string): EventDraft[] => {
  const instance = state.instances[id];
  if (!instance || !isAlive(instance.state.kind) || state.alerts[alertId(id)]) return [];
  const text = `${id} goes on as process ${instance.pid}, but the tmux server that the daemon asks has no session of it, so nobody can take its place: start the daemon with the tmux settings of before (TMUX_TMPDIR, tmux.socket), or end that process`;
  const about = { suggestion: `show instance ${saidId(id)}`, instance: id, task: null };
  // What it does its hooks go on to tell.
  return [{ type: 'alert.raised', data: { id: alertId(id), severity: 'error', text, ...about } }];
};

/** The facts about one whose session is there again. */
export const backFacts = (state: State, id: string): EventDraft[] =>
  clearAlertFacts(state, alertId(id), 'its session is there');

/** Those of these instances whose programs run, in their worktrees. One that is frozen cannot end before it goes on. */
const goingOn = async ({ processes }: Target, instances: readonly Instance[]): Promise<readonly string[]> => {
  const able = instances.filter(({ pid, state, hold }) => pid !== null && state.kind !== 'paused' && hold === null);
  const running = await processes.running(able.map(({ pid }) => pid!));
  const found = await Promise.all(
    able.map(async ({ instance_id: id, pid, workspace_path: worktree }) => {
      const isThere = running.has(pid!) && (await processes.livingIn(worktree)).some((one) => one.pid === pid);
      return isThere ? [id] : [];
    }),
  );
  return found.flat();
};

/** The same, once those have ended that do so a moment after their sessions; who was told of already is not waited for. */
const stillGoingOn = async (
  { store, signal }: DaemonServices,
  target: Target,
  ids: readonly string[],
): Promise<readonly string[]> => {
  const instances = ids.flatMap((id) => store.state.instances[id] ?? []);
  let left = await goingOn(target, instances);
  for (let waited = 0; waited < LAST_MS && !signal.aborted; waited += STEP_MS) {
    if (left.every((id) => store.state.alerts[alertId(id)])) break;
    await pause(STEP_MS);
    left = await goingOn(
      target,
      instances.filter(({ instance_id: id }) => left.includes(id)),
    );
  }
  return left;
};

/**
 * Records that the sessions of these instances of a machine are gone, or the tmux server on which they were; whether that was
 * news. A program that goes on without its session is not lost.
 */
export const recordLoss = async (
  services: DaemonServices,
  target: Target,
  lost: (state: State) => readonly string[],
): Promise<boolean> => {
  const asked = lost(services.store.state);
  if (asked.length === 0) return false;
  const living = await stillGoingOn(services, target, asked);
  const isEmpty = (await target.tmux.sessionNames()).length === 0;
  const there = (await target.tmux.server())?.id;
  // Another server may listen by now: a terminal of the person has started it, or another swarm.
  const isServerGone = (instance: Instance | undefined): boolean =>
    isEmpty || (instance?.server !== undefined && instance.server !== there);
  /** Whether nothing is known of its program but by a state that was restored since. */
  const isOfBackup = (instance: Instance | undefined): boolean =>
    instance !== undefined && instance.state.since < (services.store.restoredAt ?? '');
  const recoveryContext = recoveryContextOf(services);
  const recorded = await services.decide((state) => {
    const facts = lost(state)
      .filter((id) => asked.includes(id) && !living.includes(id))
      .map((id) => {
        const isRestored = isOfBackup(state.instances[id]);
        const loss: Loss = { server: isRestored || isServerGone(state.instances[id]), recoveryContext };
        return { id, loss, isRestored, drafts: lossFacts(state, id, loss) };
      });
    const gone = facts.filter(({ loss, drafts }) => loss.server && drafts.length > 0);
    const [restored, others] = [true, false].map((is) =>
      gone.flatMap(({ id, isRestored }) => (isRestored === is ? [id] : [])),
    ) as [string[], string[]];
    return [
      ...lossAlert(state, restored, backupRestored),
      ...lossAlert(state, others, serverGone),
      ...facts.flatMap(({ drafts }) => drafts),
      ...living.flatMap((id) => elsewhereFacts(state, id)),
    ];
  });
  return recorded.length > 0;
};
