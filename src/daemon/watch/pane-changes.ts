import type { PaneInfo } from '../../ports/index.ts';
import { isRunning } from '../../process/is-running.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { isBetweenSessions } from '../actions/launch-instance.ts';
import { thawUnpaused } from '../actions/pause-instance.ts';
import { type DaemonServices, markOf } from '../services.ts';
import { endFacts, recordLoss } from '../signals/end-facts.ts';
import { recoveryContextOf } from '../signals/run-recovery-facts.ts';

const isOneShot = (services: DaemonServices, agent: string): boolean =>
  services.adapterFor(agent).prompt === 'argument';

/** Whether a program has ended without tmux knowing how yet, or even that it did. */
const isUnclear = (services: DaemonServices, pane: PaneInfo): boolean => {
  if (pane.dead) return pane.exitCode === null && pane.exitSignal === null;
  return (
    !isRunning(pane.pid) &&
    Object.values(services.store.state.instances).some(({ pid, state }) => pid === pane.pid && isAlive(state.kind))
  );
};

/** The facts about programs whose panes say how they ended. */
const endedFacts =
  (services: DaemonServices, byMark: ReadonlyMap<string, PaneInfo>) =>
  (state: State): EventDraft[] => {
    const recovery = recoveryContextOf(services);
    return Object.values(state.instances).flatMap((instance): EventDraft[] => {
      const id = instance.instance_id;
      if (instance.pane === null || !isAlive(instance.state.kind)) return [];
      const pane = byMark.get(markOf(services.paths, id));
      if (!pane?.dead || pane.pane !== instance.pane || (pane.exitCode === null && pane.exitSignal === null)) return [];
      const end = { code: pane.exitCode, signal: pane.exitSignal, oneShot: isOneShot(services, instance.agent) };
      return endFacts(state, id, end, recovery);
    });
  };

/**
 * Records what one look at the panes means for the instances: programs that ended, and sessions that are gone. True when
 * tmux does not know yet how a program ended.
 */
export const recordPaneChanges = async (
  services: DaemonServices,
  panes: readonly PaneInfo[],
  before: State,
): Promise<boolean> => {
  const byMark = new Map(panes.map((pane) => [pane.droverId, pane]));
  const unclear = panes.some((pane) => isUnclear(services, pane));
  if (unclear) await services.tmux.nudge();
  // What was started after the look began could not be seen.
  const isGone = ({ instance_id: id, pane, pid, state: { kind } }: Instance): boolean =>
    pane !== null &&
    isAlive(kind) &&
    !byMark.has(markOf(services.paths, id)) &&
    before.instances[id]?.pid === pid &&
    !isBetweenSessions(services, id);
  const isLoss = await recordLoss(services, (state) =>
    Object.values(state.instances)
      .filter(isGone)
      .map((one) => one.instance_id),
  );
  const facts = endedFacts(services, byMark);
  const isEnd = facts(services.store.state).length > 0;
  if (isEnd) await services.decide(facts);
  if (isLoss || isEnd) await thawUnpaused(services);
  return unclear;
};
