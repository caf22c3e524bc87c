import type { PaneInfo } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { isBetweenSessions } from '../actions/launch-instance.ts';
import { thawUnpaused } from '../actions/pause-instance.ts';
import { type DaemonServices, instancesOn, markOf } from '../services.ts';
import { type EndCause, endFacts } from '../signals/end-facts.ts';
import { backFacts, recordLoss } from '../signals/record-loss.ts';
import { recoveryContextOf } from '../signals/run-recovery-facts.ts';
import type { EndCauses } from './end-cause.ts';
import type { EndWatch } from './watch-ends.ts';

const isOneShot = (services: DaemonServices, agent: string): boolean =>
  services.adapterFor(agent).prompt === 'argument';

/** What one look at the panes of a machine is judged by: the state before it, and who looks after ends of programs meanwhile. */
type Before = EndWatch & { readonly before: State; readonly causes: EndCauses };

/** Whether a program has ended without tmux knowing how yet, or even that it did. */
const isAnyUnclear = async (
  services: DaemonServices,
  target: Target,
  panes: readonly PaneInfo[],
  { mayHaveEnded }: EndWatch,
): Promise<boolean> => {
  if (panes.some((pane) => pane.dead && pane.exitCode === null && pane.exitSignal === null)) return true;
  const living = instancesOn(target, services.store.state).filter(({ state }) => isAlive(state.kind));
  const over = new Set(living.filter(mayHaveEnded).map(({ pid }) => pid));
  if (over.size === 0) return false;
  const shown = panes.flatMap(({ dead, pid }) => (!dead && over.has(pid) ? [pid] : []));
  return (await target.processes.running(shown)).size < new Set(shown).size;
};

/** The instances whose panes say how their programs ended. */
const endedIn = (target: Target, byMark: ReadonlyMap<string, PaneInfo>, state: State) =>
  instancesOn(target, state).flatMap((instance) => {
    if (instance.pane === null || !isAlive(instance.state.kind)) return [];
    const pane = byMark.get(markOf(target.paths, instance.instance_id));
    if (!pane?.dead || pane.pane !== instance.pane || (pane.exitCode === null && pane.exitSignal === null)) return [];
    return [{ instance, code: pane.exitCode, signal: pane.exitSignal }];
  });

/** Records how programs ended, and why, where the machine is known to be the reason; whether any did. */
const recordEnds = async (
  services: DaemonServices,
  target: Target,
  byMark: ReadonlyMap<string, PaneInfo>,
  causes: EndCauses,
): Promise<boolean> => {
  const found = new Map<string, EndCause | undefined>();
  for (const { instance, ...exit } of endedIn(target, byMark, services.store.state))
    found.set(instance.instance_id, await causes.find(exit, instance));
  if (found.size === 0) {
    await causes.note();
    return false;
  }
  await services.decide((state) => {
    const recovery = recoveryContextOf(services);
    return endedIn(target, byMark, state).flatMap(({ instance: { instance_id: id, agent }, ...exit }) =>
      endFacts(state, id, { ...exit, oneShot: isOneShot(services, agent), cause: found.get(id) }, recovery),
    );
  });
  return true;
};

/**
 * Records what one look at the panes of a machine means for the instances: programs that ended, and sessions that are gone. True when
 * tmux does not know yet how a program ended.
 */
export const recordPaneChanges = async (
  services: DaemonServices,
  target: Target,
  panes: readonly PaneInfo[],
  { before, mayHaveEnded, causes }: Before,
): Promise<boolean> => {
  const byMark = new Map(panes.map((pane) => [pane.droverId, pane]));
  const unclear = await isAnyUnclear(services, target, panes, { mayHaveEnded });
  if (unclear) await target.tmux.nudge();
  // A program that was started after the look began could not be seen.
  const isGone = ({ instance_id: id, pane, pid, state: { kind } }: Instance): boolean =>
    pane !== null &&
    isAlive(kind) &&
    !byMark.has(markOf(target.paths, id)) &&
    before.instances[id]?.pid === pid &&
    !isBetweenSessions(services, id);
  const isLoss = await recordLoss(services, target, (state) =>
    instancesOn(target, state)
      .filter(isGone)
      .map((one) => one.instance_id),
  );
  const back = (state: State): EventDraft[] =>
    instancesOn(target, state).flatMap(({ instance_id: id }) =>
      byMark.has(markOf(target.paths, id)) ? backFacts(state, id) : [],
    );
  if (back(services.store.state).length > 0) await services.decide(back);
  const isEnd = await recordEnds(services, target, byMark, causes);
  if (isLoss || isEnd) await thawUnpaused(services, target);
  return unclear;
};
