import { oneLine } from '../lib/text.ts';

/** What the weight of a task is made of. */
type Weighed = {
  readonly title: string;
  readonly details: readonly string[];
  readonly requirements: readonly string[];
  readonly allRequirements?: boolean;
};

const wordsIn = ({ title, details }: Weighed): number =>
  [title, ...details].join(' ').split(/\s+/u).filter(Boolean).length;

/**
 * How much work a task looks like, 1 to 10: one, plus half a point for each bullet, 0.4 for each requirement it must
 * meet and one for every twenty words of its text, rounded. A task for all requirements counts as one with ten.
 */
export const complexityScore = (task: Weighed): number => {
  const words = wordsIn(task);
  const requirements = Math.max(task.requirements.length, task.allRequirements ? 10 : 0);
  const score = 1 + task.details.length * 0.5 + requirements * 0.4 + words / 20;
  return Math.min(10, Math.max(1, Math.round(score)));
};

/** The lines of a description weigh as the points of a plan do. */
const withDescription = <T extends Weighed & { readonly description: string }>(task: T): T => ({
  ...task,
  details: [...task.details, ...task.description.split('\n').map(oneLine).filter(Boolean)],
});

/** How much work a task looks like that is not part of a plan. */
export const weightOf = (task: Weighed & { readonly description: string }): number =>
  complexityScore(withDescription(task));

export type WeightBasis = {
  readonly basis: 'text' | 'said';
  readonly words: number;
  readonly details: number;
  readonly requirements: number;
};

/**
 * What the weight of a task goes by: its text, with what counts in that; or somebody said it. In a plan its description does
 * not count, and only there a task is for all requirements.
 */
export const weightBasis = (
  task: Weighed & { readonly description: string; readonly spec: string | null; readonly complexity_score: number },
): WeightBasis => {
  const readings: readonly Weighed[] = [
    ...(task.spec === null ? [] : [task, { ...task, allRequirements: true }]),
    withDescription(task),
  ];
  const found = readings.find((one) => complexityScore(one) === task.complexity_score);
  if (found === undefined) return { basis: 'said', words: 0, details: 0, requirements: 0 };
  const { details, requirements, allRequirements } = found;
  return {
    basis: 'text',
    words: wordsIn(found),
    details: details.length,
    requirements: allRequirements ? Math.max(requirements.length, 10) : requirements.length,
  };
};
