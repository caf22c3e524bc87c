import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { hasBegun, runningTask } from '../signals/running-task.ts';
import { ageBy, type Vigil, watchedFor } from './vigil.ts';

/** How long an agent may rest in the middle of a run before a person hears of it, in milliseconds. */
const REST_MS = 3000;

/**
 * The alerts about agents that rest in the middle of a run, because somebody interrupted them in their terminal or refused
 * what they asked: they keep the run until that person or a command goes on.
 */
export const idleRunFacts = (state: State, ageOf: (since: string) => number): EventDraft[] =>
  Object.values(state.instances).flatMap((instance): EventDraft[] => {
    const { kind, since } = instance.state;
    const id = instance.instance_id;
    const alert = `interrupted:${id}`;
    // An agent that is about to be told to go on was not interrupted.
    const task = kind === 'idle' && instance.recovery?.next !== 'go-on' ? runningTask(state, instance) : undefined;
    // Nor was one that has still to begin.
    if (!task || !hasBegun(instance, task)) return clearAlertFacts(state, alert, 'it is over');
    if (state.alerts[alert] || ageOf(since) < REST_MS) return [];
    const data = {
      id: alert,
      severity: 'warning',
      text: `${id} was interrupted in the middle of ${task.id} and rests`,
      suggestion: `tell ${saidId(id)} "Go on."`,
      instance: id,
      task: task.id,
    } as const;
    return [{ type: 'alert.raised', data }];
  });

const minutes = (ms: number): string => (ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);

/** The alerts about questions that nobody has answered for so many milliseconds: the runs behind them stand still. */
export const unansweredFacts = (state: State, ageOf: (since: string) => number, patienceMs: number): EventDraft[] =>
  Object.values(state.instances).flatMap((instance): EventDraft[] => {
    const { instance_id: id, question } = instance;
    const { kind, since } = instance.state;
    const alert = `unanswered:${id}`;
    if (kind !== 'waiting') return clearAlertFacts(state, alert, 'it does not wait any more');
    if (state.alerts[alert] || ageOf(since) < patienceMs) return [];
    const task = runningTask(state, instance);
    const text = `${id} has waited ${minutes(patienceMs)} for an answer${task ? `, and ${task.id} with it` : ''}: ${question ?? 'look at its terminal'}`;
    const suggestion = state.alerts[`waiting:${id}`]?.suggestion ?? `attach instance ${saidId(id)}`;
    return [
      {
        type: 'alert.raised',
        data: { id: alert, severity: 'error', text, suggestion, instance: id, task: task?.id ?? null },
      },
    ];
  });

/** Records which agents rest in the middle of a run, and which wait for a person who does not come. */
export const recordIdleRuns = async (services: DaemonServices, vigil: Vigil): Promise<void> => {
  // What an agent left while nobody watched is read only now: that it goes on may be among it.
  const restOf = (since: string): number => watchedFor(vigil, since);
  const facts = (state: State): EventDraft[] => [
    ...idleRunFacts(state, restOf),
    ...unansweredFacts(state, ageBy(vigil), services.settings.timeouts.question_ms),
  ];
  if (facts(services.store.state).length > 0) await services.decide(facts);
};
