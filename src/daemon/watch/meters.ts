import type { ResourceUse } from '../../ports/machine.ts';
import type { Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { watchBudgets } from './watch-budgets.ts';
import { openResourceWatch } from './watch-resources.ts';
import { openUsageWatch } from './watch-usage.ts';

/** Measures what agents use: tokens and money, which are recorded, and the machine's memory and time, which are only known. */
export type Meters = {
  /** Takes the message of an agent's hook. */
  noteMessage(instance: string, body: unknown): Promise<void>;
  uses(): readonly ResourceUse[];
  /** Looks at the budgets again. */
  settingsChanged(): void;
  /** Measures until the daemon ends. */
  start(): readonly Service[];
};

export const openMeters = (services: DaemonServices): Meters => {
  const usage = openUsageWatch(services);
  const resources = openResourceWatch(services);
  let lookAtBudgets = (): void => undefined;
  return {
    noteMessage: usage.noteMessage,
    uses: resources.uses,
    settingsChanged: () => lookAtBudgets(),
    start: () => {
      lookAtBudgets = watchBudgets(services);
      return [usage.watch(), resources.watch()];
    },
  };
};
