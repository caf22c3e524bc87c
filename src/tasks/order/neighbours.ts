import type { ParsedTask } from '../spec/spec-tasks.ts';
import { addEdges, type Edges } from './edges.ts';

/**
 * Each waits for the one before it. A run of tasks marked `(P)` shares what the first of them waits for, and what comes
 * after the run waits for all of it.
 */
export const addSequence = (
  to: Edges,
  tasks: readonly Pick<ParsedTask, 'number' | 'parallel'>[],
  isParallel: boolean,
): void => {
  let before: string[] = [];
  let run: string[] = [];
  for (const task of tasks) {
    const isBeside = isParallel && task.parallel;
    if (!isBeside && run.length > 0) {
      before = run;
      run = [];
    }
    addEdges(to, [task.number], before, 'neighbour');
    if (isBeside) run.push(task.number);
    else before = [task.number];
  }
};

/**
 * `siblings`: the leaf before it in its top-level group; `strict`: the leaf before it in the plan. Around a barrier the
 * neighbours are counted on each side of it, or the two rules would contradict each other.
 */
export const addNeighbours = (
  to: Edges,
  leaves: readonly ParsedTask[],
  policy: 'siblings' | 'strict',
  isLast: (task: ParsedTask) => boolean,
): void => {
  const place = (task: ParsedTask): string => `${isLast(task)} ${policy === 'siblings' ? task.group : ''}`;
  for (const neighbours of Map.groupBy(leaves, place).values()) addSequence(to, neighbours, policy === 'siblings');
};
