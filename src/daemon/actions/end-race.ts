import { saidId } from '../../protocol/say.ts';
import type { EventDraft } from '../../state/index.ts';
import { raceEndFacts, racersOf, verdictOf } from '../../tasks/race.ts';
import { retriesIn } from '../../tasks/retry.ts';
import type { DaemonServices } from '../services.ts';

/** Ends a race by its own rule: with a winner, or, where nobody passed, with a word to the person. */
export const endRace = async (services: DaemonServices, id: string): Promise<void> => {
  await services.decide((now): EventDraft[] => {
    const task = now.tasks[id];
    const verdict = task && verdictOf(task, now.tasks, retriesIn(services.settings));
    if (!verdict) return [];
    const ended = raceEndFacts(now, task, verdict);
    if (verdict.winner !== null) return ended;
    const failures = racersOf(task, now.tasks).map((one) => `${one.id} ${one.run?.failure?.class ?? one.state}`);
    const reason = `no racer passed: ${failures.join(', ')}`;
    const alert = {
      id: `blocked:${id}`,
      severity: 'error',
      text: `${id}: ${reason}`,
      suggestion: `show race ${saidId(id)}`,
      instance: null,
      task: id,
    } as const;
    return [...ended, { type: 'task.blocked', data: { id, reason } }, { type: 'alert.raised', data: alert }];
  });
};
