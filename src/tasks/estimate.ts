/**
 * How much work a task looks like, 1 to 10: one, plus half a point for each bullet, 0.4 for each requirement it must
 * meet and one for every twenty words of its text, rounded. A task for all requirements counts as one with ten.
 */
export const complexityScore = (task: {
  readonly title: string;
  readonly details: readonly string[];
  readonly requirements: readonly string[];
  readonly allRequirements?: boolean;
}): number => {
  const words = [task.title, ...task.details].join(' ').split(/\s+/u).filter(Boolean).length;
  const requirements = Math.max(task.requirements.length, task.allRequirements ? 10 : 0);
  const score = 1 + task.details.length * 0.5 + requirements * 0.4 + words / 20;
  return Math.min(10, Math.max(1, Math.round(score)));
};
