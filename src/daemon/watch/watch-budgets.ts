import { budgetFacts } from '../../state/budgets.ts';
import type { World } from '../services.ts';

/** Acts on budgets whenever something was used. Gives the look that is due when the settings have changed. */
export const watchBudgets = (world: World): (() => void) => {
  const look = (): void => {
    const facts = (state: World['store']['state']) => budgetFacts(state, world.settings.budgets);
    if (facts(world.store.state).length === 0) return;
    void world.decide(facts).catch((error: unknown) => {
      if (!world.signal.aborted) world.log(`budgets: ${error instanceof Error ? error.message : error}`);
    });
  };
  world.store.subscribe((events) => {
    if (events.some(({ type }) => type === 'usage.measured')) look();
  });
  look();
  return look;
};
