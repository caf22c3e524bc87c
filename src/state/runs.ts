import type { Run, Task } from './tasks.ts';

/** All runs of a task, in the order in which they began; the last one may be under way. */
export const runsOf = ({ history, run }: Pick<Task, 'history' | 'run'>): readonly Run[] =>
  run ? [...history, run] : history;

/** Whether a run brought something that is still held good: a check after its merge may have found otherwise. */
export const isGoodRun = ({ result, failure }: Run): boolean => result !== null && failure === null;

/** Whether a run went wrong; one that a person ended has not. */
export const isFailedRun = ({ failure }: Run): boolean => failure !== null && failure.class !== 'stopped';
