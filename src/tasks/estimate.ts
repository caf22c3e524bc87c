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

export type WeightBasis = {
  readonly basis: 'text' | 'said';
  readonly words: number;
  readonly details: number;
  readonly requirements: number;
};

/** What the weight of a task goes by: its text, with what counts in that; or somebody said it. */
export const weightBasis = (task: Weighed & { readonly complexity_score: number }): WeightBasis => {
  const found = [false, true].find(
    (all) => complexityScore({ ...task, allRequirements: all }) === task.complexity_score,
  );
  if (found === undefined) return { basis: 'said', words: 0, details: 0, requirements: 0 };
  const requirements = found ? Math.max(task.requirements.length, 10) : task.requirements.length;
  return { basis: 'text', words: wordsIn(task), details: task.details.length, requirements };
};
