import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { noteFrozen, thaw } from '../actions/freeze.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** The stopped programs of each instance that was measured. */
export type Halted = ReadonlyMap<string, readonly number[]>;

const alertOf = (id: string): string => `frozen:${id}`;

const namesOf = (pids: readonly number[]): string =>
  pids.length === 1 ? `its process ${pids[0]!} was stopped` : `its processes ${pids.join(', ')} were stopped`;

/** The facts when a program was stopped by a signal of somebody else: it does nothing, and goes on with `resume`. */
const haltFacts = (id: string, pids: readonly number[]): EventDraft[] => {
  const evidence = `${namesOf(pids)} by a signal, and not by Drover`;
  const data = { id: alertOf(id), severity: 'warning', text: `${id} does nothing: ${evidence}` } as const;
  return [
    { type: 'instance.paused', data: { instance_id: id, evidence } },
    { type: 'alert.raised', data: { ...data, suggestion: `resume instance ${saidId(id)}`, instance: id, task: null } },
  ];
};

/** The facts when a program that somebody stopped goes on. */
const goesOnFacts = (state: State, id: string): EventDraft[] => {
  const cleared = clearAlertFacts(state, alertOf(id), 'it goes on');
  const isFrozen = cleared.length > 0 && state.instances[id]?.hold === 'frozen';
  const resumed = { type: 'instance.resumed', data: { instance_id: id, evidence: 'goes on' } } as const;
  return isFrozen ? [resumed, ...cleared] : cleared;
};

/** Records which programs somebody has stopped, or let go on, since they were looked at; `before`: the state at that look. */
export const recordHalts = async (services: DaemonServices, before: State, halted: Halted): Promise<void> => {
  for (const [id, pids] of halted) {
    const facts = (state: State): EventDraft[] => {
      const instance = state.instances[id];
      // What was seen while it was being paused or let go on says nothing.
      if (!instance || instance.revision !== before.instances[id]?.revision || !isAlive(instance.state.kind)) return [];
      if (pids.length === 0) return goesOnFacts(state, id);
      return instance.hold === null ? haltFacts(id, pids) : [];
    };
    const likely = facts(services.store.state);
    if (likely.length === 0) continue;
    const instance = before.instances[id]!;
    // Whoever hears that it is paused may let it go on at once.
    if (likely.some(({ type }) => type === 'instance.paused')) await noteFrozen(services, instance, pids);
    const done = await services.decide(facts);
    if (done.some(({ type }) => type === 'instance.resumed')) await thaw(services, instance);
  }
};
