import type { Workflow } from '../state/workflows.ts';

/** What belongs to doing a task beside the work itself. */
export type WorkflowStep = {
  readonly when: 'first' | 'last';
  /** Its name in a plan. */
  readonly title: string;
  /** What the agent is told. */
  readonly text: string;
};

const STEPS: Record<Workflow, readonly WorkflowStep[]> = {
  'feature-branch': [],
  pr: [
    {
      when: 'last',
      title: 'pull request',
      text: 'When the check succeeds, publish the branch (git push REMOTE BRANCH) and open a pull request for it with the means that you have; its title is that of the task, its text says what was done and why. Name its address in your report; where there is no remote, or you may not, say so instead.',
    },
  ],
  trunk: [
    {
      when: 'last',
      title: 'newest base',
      text: 'Keep the change small. Before you say that you are done, merge the newest commit of the branch that work starts from into yours and run the check once more.',
    },
  ],
  tdd: [
    {
      when: 'first',
      title: 'failing test',
      text: 'Begin with a test that says what is wanted; run it, see it fail for the right reason, and commit it by itself. Only then make it succeed with the least code, and tidy up afterwards.',
    },
  ],
};

/** The steps that a workflow adds to each task. */
export const workflowSteps = (workflow: Workflow): readonly WorkflowStep[] => STEPS[workflow];
