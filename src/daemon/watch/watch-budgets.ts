import { messageOf } from '../../lib/errors.ts';
import { budgetFacts } from '../../state/budgets.ts';
import type { DaemonServices } from '../services.ts';

/** By what an alert about a budget may become true or untrue: more was used, or somebody is held back, or is not any more. */
const NEWS: readonly string[] = [
  ...['usage.measured', 'swarm.paused', 'swarm.resumed', 'task.held'],
  ...['instance.pause_requested', 'instance.paused', 'instance.resumed'],
];

/** Acts on budgets whenever an agent used something. Gives the look that is due when the settings have changed. */
export const watchBudgets = (services: DaemonServices): (() => void) => {
  const look = (): void => {
    const facts = (state: DaemonServices['store']['state']) => budgetFacts(state, services.settings.budgets);
    if (facts(services.store.state).length === 0) return;
    void services.decide(facts).catch((error: unknown) => {
      if (!services.signal.aborted) services.log(`budgets: ${messageOf(error)}`);
    });
  };
  services.store.subscribe((events) => {
    if (events.some(({ type }) => NEWS.includes(type))) look();
  });
  look();
  return look;
};
