import { saidId } from '../../protocol/say.ts';
import { asideAlertId, isUnderWay } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { orderMerges } from '../../tasks/order/merge-order.ts';
import { returnedTasks, unchangedReturns } from '../../tasks/returned.ts';
import { graphOf } from '../../tasks/select.ts';
import { nextBatch } from '../../tasks/taken-work.ts';
import type { DaemonServices } from '../services.ts';

/** The tasks that come back by themselves now: one batch at a time, and nothing while the swarm is paused. */
const dueTasks = ({ settings }: DaemonServices, state: State): readonly string[] =>
  state.swarm.paused || Object.values(state.batches).some(isUnderWay) ? [] : returnedTasks(state, settings.review);

const batchFacts = (services: DaemonServices, state: State, base: string): EventDraft[] => {
  const due = dueTasks(services, state);
  if (due.length === 0) return [];
  const ordered = orderMerges(due, graphOf(Object.keys(state.tasks), state.tasks), new Map());
  const { method } = services.settings.integration;
  return [
    {
      type: 'batch.started',
      data: {
        ...nextBatch(state, ordered),
        target: services.settings.branches.integration,
        base_commit: base,
        strategy: method,
        resolves: true,
      },
    },
  ];
};

/** Tells a person of work that came back as it went: nobody else goes on with it. */
export const unchangedFacts = (state: State): EventDraft[] =>
  unchangedReturns(state).flatMap(({ task: { id, run }, aside }): EventDraft[] => {
    const alert = asideAlertId(id);
    // The alert that it goes back is there until then.
    if (state.alerts[alert]?.severity !== 'info') return [];
    const text = `${id} came back from ${run!.instance} as it was: ${aside.message}`;
    const suggestion = aside.reason === 'conflict' ? `show conflict ${saidId(id)}` : `review task ${saidId(id)}`;
    return [
      { type: 'alert.raised', data: { id: alert, severity: 'warning', text, suggestion, instance: null, task: id } },
    ];
  });

/** Begins a batch with work that was sent back by one and is verified anew: nobody has to ask for that again. */
export const mergeReturned = async (services: DaemonServices): Promise<void> => {
  if (unchangedFacts(services.store.state).length > 0) await services.decide(unchangedFacts);
  if (dueTasks(services, services.store.state).length === 0) return;
  await services.atIntegration(async () => {
    const base = await services.home.git.resolve(`refs/heads/${services.settings.branches.integration}`);
    if (base !== null) await services.decide((state) => batchFacts(services, state, base));
  });
};
