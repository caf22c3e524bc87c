export const WORKFLOWS = ['feature-branch', 'pr', 'trunk', 'tdd'] as const;
/** What belongs to doing a task beside the work itself. */
export type Workflow = (typeof WORKFLOWS)[number];
