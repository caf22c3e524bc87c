import type { Draft, State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';
import { isPresent } from '../state/moves.ts';
import { wrongState } from './errors.ts';
import { oneInstance } from './selection.ts';

/** The facts that give tasks to an instance by hand; it gets those at work already after their runs are interrupted. */
export const assignFacts = (state: State, tasks: readonly Task[], to: string): Draft[] => {
  const instance = oneInstance(state, [to]);
  if (!isPresent(instance.state.kind))
    throw wrongState({
      id: to,
      state: instance.state.kind,
      wants: 'it takes no tasks',
      hint: `Say "restart instance ${to}" first.`,
    });
  return tasks.flatMap((task): Draft[] => {
    if (['done', 'cancelled'].includes(task.state))
      throw wrongState({
        id: task.id,
        state: task.state,
        wants: 'it cannot be assigned',
        hint: `Say "retry task ${task.id}" to do it again.`,
      });
    const data = { id: task.id };
    const assigned: Draft = { type: 'task.assigned', data: { ...data, instance: to, pinned: true, reason: 'by hand' } };
    const requested: Draft = { type: 'task.requested', data: { ids: [task.id] } };
    if (task.state !== 'running' && task.state !== 'verifying') return [requested, assigned];
    if (task.assignee === to) return [];
    const failure = { class: 'stopped', message: `moved to ${to}` } as const;
    return [{ type: 'run.failed', data: { ...data, failure } }, requested, assigned];
  });
};
