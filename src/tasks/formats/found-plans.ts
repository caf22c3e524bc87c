import { AppError } from '../../lib/errors.ts';
import type { PlanFormatId } from '../../state/specs.ts';
import { readPlan, recognised } from './index.ts';

/** Where tools and people keep their plans, below the top of a repository. */
const PLACES = [
  '.kiro/specs/*/tasks.md',
  'specs/*/tasks.md',
  '.specify/specs/*/tasks.md',
  'openspec/changes/*/tasks.md',
  '.taskmaster/tasks/tasks.json',
  'tasks/tasks.json',
  '.beads/*.jsonl',
  'docs/plans/*.md',
  'plans/*.md',
];

/** Lists that people write by hand lie at the top, or with the documents. */
const BY_HAND = ['*.md', 'docs/*.md'];
const HAND_NAMES = /\/(?:tasks?|to-?dos?|plan|roadmap|implementation[-_]plan)\.md$/iu;

/** The files that a pattern with `*` in its names stands for. */
type Matching = (pattern: string) => Promise<readonly string[]>;

/** The files of a repository that may be plans, in the order of their places. Some may not be there. */
export const planFiles = async (root: string, matching: Matching): Promise<readonly string[]> => {
  const known = await Promise.all(PLACES.map((place) => matching(`${root}/${place}`)));
  const byHand = await Promise.all(BY_HAND.map((place) => matching(`${root}/${place}`)));
  return [...new Set([...known.flat(), ...byHand.flat().filter((file) => HAND_NAMES.test(file))])];
};

/** What a file that is a plan holds, and why it cannot be imported; null where it can. */
export type PlanContent = {
  readonly format: PlanFormatId;
  readonly tasks: number;
  readonly done: number;
  readonly problem: string | null;
};

/** What a text that is recognised holds; undefined where it is no plan, or there is no task in it. */
export const planContent = (text: string, file: string): PlanContent | undefined => {
  const format = recognised(file, text);
  if (!format) return undefined;
  try {
    const { plans, done } = readPlan(format, {
      name: file,
      tasksText: text,
      policy: 'kiro',
      barrier: false,
      file,
    });
    return { format: format.id, tasks: plans.length, done: done.length, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { format: format.id, tasks: 0, done: 0, problem: error.message.split('\n')[0]! };
  }
};

/** Whether it can be imported and something of it is to be done. */
export const isOffer = (content: PlanContent | undefined): boolean =>
  content !== undefined && content.problem === null && content.done < content.tasks;
