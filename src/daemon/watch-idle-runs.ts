import type { Draft, State } from '../state/index.ts';

/** How long an agent may rest in the middle of a run before a person hears of it, in milliseconds. */
const REST_MS = 3000;

/**
 * The alerts about agents that rest in the middle of a run, because somebody interrupted them in their terminal or refused
 * what they asked: the run is theirs until that person or a command goes on.
 */
export const idleRunFacts = (state: State, now: number): Draft[] =>
  Object.values(state.instances).flatMap(({ instance_id: id, state: { kind, since } }): Draft[] => {
    const alert = `interrupted:${id}`;
    const task = Object.values(state.tasks).find((one) => one.state === 'running' && one.assignee === id);
    if (kind !== 'idle' || !task)
      return state.alerts[alert] ? [{ type: 'alert.cleared', data: { id: alert, because: 'it is over' } }] : [];
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
