import type { AppEvent, EventDraft, State } from './model.ts';

/** The data of all facts of one type, in their order. */
export const dataOf = <T extends EventDraft['type']>(facts: readonly EventDraft[], type: T) =>
  facts.flatMap((fact) => (fact.type === type ? [fact.data as Extract<EventDraft, { type: T }>['data']] : []));

/** The ids that the facts of one kind are about, in their order. */
export const idsOf = (
  facts: readonly AppEvent[],
  type: Exclude<Extract<AppEvent, { data: { id: string } }>['type'], 'command.finished'>,
): string[] => dataOf(facts, type).map(({ id }) => id);

/** The facts that put the alerts about a task away: what they told of does not hold any more. */
export const alertClearingFacts = (state: State, task: string, because: string): EventDraft[] =>
  Object.values(state.alerts)
    .filter((alert) => alert.task === task)
    .map((alert): EventDraft => ({ type: 'alert.cleared', data: { id: alert.id, because } }));
