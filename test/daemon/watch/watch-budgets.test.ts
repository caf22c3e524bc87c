import { expect, test } from 'vitest';
import { watchBudgets } from '../../../src/daemon/watch/watch-budgets.ts';
import type { AppEvent, EventDraft, State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { after, begin, instance } from '../../tasks/journal.ts';

/** A daemon that has recorded no more than a state, and takes what is decided into it at once. */
const daemonWith = (first: State, budgets: object) => {
  let state = first;
  const listeners: ((events: readonly AppEvent[], state: State) => void)[] = [];
  const record = (...drafts: readonly EventDraft[]): void => {
    state = after(state, ...drafts);
    for (const listener of listeners) listener(drafts as readonly AppEvent[], state);
  };
  const store = {
    get state() {
      return state;
    },
    subscribe: (listener: (typeof listeners)[number]) => listeners.push(listener),
  };
  const decide = async (facts: (now: State) => EventDraft[]) => record(...facts(state));
  const signal = new AbortController().signal;
  watchBudgets(servicesWith({ store, decide, signal, settings: settingsSchema.parse({ budgets }) }));
  return { record, text: () => state.alerts['budget:swarm']?.text };
};

test('the alert about a budget says no longer that the swarm is paused as soon as that is resumed, whether or not more is used', () => {
  const begun = begin(...instance('c-1', 'working'));
  const used = { ...begun, usage: { ...begun.usage, swarm: { ...begun.usage.swarm, usd: 10 } } };
  const { record, text } = daemonWith(used, { swarm: { usd: 10 }, action: 'pause' });
  expect(text()).toBe('the swarm has used up its budget of $10.00; it is paused, until it is resumed');
  record({ type: 'swarm.resumed', data: {} });
  expect(text()).toBe('the swarm has used up its budget of $10.00');
  record({ type: 'swarm.paused', data: {} });
  expect(text()).toBe('the swarm has used up its budget of $10.00; it is paused, until it is resumed');
});
