import type { Draft, State } from '../state/index.ts';
import { runningTask } from './signals.ts';
import { troubleOver } from './trouble.ts';

/** How long an agent may rest in the middle of a run before a person hears of it, in milliseconds. */
const REST_MS = 3000;

/**
 * The alerts about agents that rest in the middle of a run, because somebody interrupted them in their terminal or refused
 * what they asked: the run is theirs until that person or a command goes on.
 */
export const idleRunFacts = (state: State, now: number): Draft[] =>
  Object.values(state.instances).flatMap((instance): Draft[] => {
    const { kind, since } = instance.state;
    const id = instance.instance_id;
    const alert = `interrupted:${id}`;
    const task = kind === 'idle' ? runningTask(state, instance) : undefined;
    if (!task) return troubleOver(state, alert, 'it is over');
    if (state.alerts[alert] || now - Date.parse(since) < REST_MS) return [];
    const data = {
      id: alert,
      severity: 'warning',
      text: `${id} was interrupted in the middle of ${task.id} and rests`,
      suggestion: `tell ${id} "Go on."`,
      instance: id,
      task: task.id,
    } as const;
    return [{ type: 'alert.raised', data }];
  });
