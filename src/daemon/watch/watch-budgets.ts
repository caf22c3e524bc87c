import { messageOf } from '../../lib/errors.ts';
import { budgetFacts } from '../../state/budgets.ts';
import type { DaemonServices } from '../services.ts';

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
    if (events.some(({ type }) => type === 'usage.measured')) look();
  });
  look();
  return look;
};
