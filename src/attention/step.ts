/** What kinds of steps there are. */
export const STEP_KINDS = [
  'answer',
  'look',
  'resume',
  'run',
  'launch',
  'try',
  'choose',
  'review',
  'approve',
  'merge',
  'catch-up',
  'deliver',
  'import',
  'create',
  'know',
] as const;

/** What a person can do next: why, in a few words that may be none, and the command that does it. */
export type Step = {
  readonly kind: (typeof STEP_KINDS)[number];
  readonly why: string;
  readonly command: string;
  /** Whether something stands still until it is done: then it is said aloud, and not only offered. */
  readonly isPressing: boolean;
  /** Set where it is asked about before it is done. */
  readonly asks?: true;
};

/** More tasks than these are not merged on a screen without a question. */
export const FEW_MERGES = 3;

const WEIGHTY: readonly Step['kind'][] = ['launch', 'approve', 'catch-up', 'import', 'create'];

/**
 * Whether a step sets much going that nobody asks about: its command is put into the line, where it can be read, changed, and sent
 * off. A merge of many asks by itself, and so does every delivery.
 */
export const isWeighty = ({ kind }: Pick<Step, 'kind'>): boolean => WEIGHTY.includes(kind);

/** A branch of a person that can be brought forward to what is merged, and the commits that it lacks, merges among them. */
export type Delivery = {
  readonly branch: string;
  readonly commits: number;
  /** Commits of it that have to be brought into the branch of the merges before. */
  readonly own: number;
  /** The branch of the merges. */
  readonly integration: string;
  /** The files in which its own commits conflict with what is merged, so that no command brings them in; missing where they do not. */
  readonly conflicts?: readonly string[];
  /** How its commit fails a gate by itself, and the batch that has judged it; missing where it does not as far as is known. */
  readonly failed?: { readonly batch: string; readonly problem: string };
  /** What keeps it from being brought forward: files that are changed in its checkout, for instance; missing where nothing does. */
  readonly hindered?: string;
  /** Tasks whose work the branch has, and what is brought there takes back; missing where there are none. */
  readonly takes_back?: readonly string[];
};

/** Where the swarm is at home, as far as somebody has looked; the state does not know it. */
export type Surroundings = {
  /**
   * The agent that `launch` starts, what a person calls it, and whether it gets tasks of plans; null where no agent that
   * works is here.
   */
  readonly agent: { readonly name: string; readonly title: string; readonly takesPlans: boolean } | null;
  /** An agent that is here and gets tasks of plans, where that one does not. */
  readonly worker?: string;
  /** Whether that is the agent of the settings, so that `launch` alone starts it. */
  readonly isUsual: boolean;
  /** Commands that import the plans which lie here and are not imported. */
  readonly plans: readonly string[];
  /** Whether the repository has a configuration of its own. */
  readonly isSetUp?: boolean;
  /** How many instances may live at the same time, `limits.maxInstances`. */
  readonly maxInstances?: number;
  /** Whether only work is merged that a person has approved. */
  readonly isReviewedFirst?: boolean;
  /** Whether people hand out the tasks, `plan.strategy`: what is asked for waits until somebody assigns it. */
  readonly isManual?: boolean;
  /** Null where no branch lacks anything, or git has not been asked. */
  readonly delivery?: Delivery | null;
  /** Set while git is asked whether a branch lacks anything: what is proposed else may be wrong in a moment. */
  readonly isDeliveryAsked?: true;
};
