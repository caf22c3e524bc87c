import type { Task } from '../state/tasks.ts';

const UNJOINABLE = 'the branches of its prerequisites conflict';

/** Why a task is blocked that would have to build on branches which cannot be joined. */
export const unjoinableReason = (files: readonly string[]): string => `${UNJOINABLE} in ${files.join(', ')}`;

/** Whether a task is blocked for that: it begins by itself once they are merged, and no sooner. */
export const isUnjoinable = ({ state, blocked_by }: Pick<Task, 'state' | 'blocked_by'>): boolean =>
  state === 'blocked' && blocked_by?.startsWith(UNJOINABLE) === true;
