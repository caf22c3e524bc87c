import type { Run, Task } from './tasks.ts';

/** All runs of a task, in the order in which they began; the last one may be under way. */
export const runsOf = ({ history, run }: Pick<Task, 'history' | 'run'>): readonly Run[] =>
  run ? [...history, run] : history;
