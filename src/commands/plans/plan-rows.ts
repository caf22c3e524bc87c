import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { type Spec, specSchema } from '../../state/specs.ts';

const count = z.number().int();

export const planSchema = specSchema.extend({
  total: count,
  done: count,
  running: count.describe('Assigned, at work or being verified'),
  failed: count.describe('Failed or blocked'),
  open: count,
});
export type PlanRow = z.infer<typeof planSchema>;

/** A plan with how far it is. A task that was removed or cancelled is none of it any more. */
export const planRow = (state: State, spec: Spec): PlanRow => {
  const tasks = spec.tasks.flatMap((id) => state.tasks[id] ?? []).filter((task) => task.state !== 'cancelled');
  const number = (...states: readonly string[]): number => tasks.filter((task) => states.includes(task.state)).length;
  return {
    ...spec,
    total: tasks.length,
    done: number('done'),
    running: number('assigned', 'running', 'verifying'),
    failed: number('failed', 'blocked'),
    open: number('open'),
  };
};
