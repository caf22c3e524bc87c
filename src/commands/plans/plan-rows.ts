import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { type Spec, specSchema } from '../../state/specs.ts';
import { doneInWords } from '../../tasks/done-count.ts';
import { progressOf, tasksOf } from '../../tasks/select.ts';
import { isGivenUp } from '../../tasks/stranded.ts';
import { givenUpTexts } from '../../text/wording.ts';

const count = z.number().int();

export const planSchema = specSchema.extend({
  total: count.describe('Without what was cancelled, or archived before it was done'),
  done: count,
  unchecked: count.describe('Those of the done that no check has looked at'),
  running: count.describe('Assigned, at work or being verified'),
  failed: count.describe('Failed or blocked'),
  open: count,
  cancelled: count,
  archived: count.describe('Archived before they were done'),
});
export type PlanRow = z.infer<typeof planSchema>;

/** A plan with how far it is. A task that was given up is counted by itself. */
export const planRow = (state: State, spec: Spec): PlanRow => {
  const all = tasksOf(spec, state.tasks);
  const tasks = all.filter((task) => !isGivenUp(task));
  const { total, done, unchecked, cancelled, archived } = progressOf(all, state.tasks);
  const number = (...states: readonly string[]): number => tasks.filter((task) => states.includes(task.state)).length;
  return {
    ...spec,
    ...{ total, done, unchecked, cancelled, archived },
    running: number('assigned', 'running', 'verifying'),
    failed: number('failed', 'blocked'),
    open: number('open'),
  };
};

/** `3 of 5 done, 1 cancelled`. */
export const planText = (plan: PlanRow): string => [doneInWords(plan), ...givenUpTexts(plan)].join(', ');
