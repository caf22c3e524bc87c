import type { State } from '../../state/index.ts';
import type { PlanAction } from '../../tasks/plan.ts';

const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** What an action is about, as the state has it: whatever is recorded of one of them makes that anew. */
export type Subject = readonly unknown[];

export const subjectOf = ({ instances, tasks, batches }: State, action: PlanAction): Subject => [
  'instance' in action ? instances[action.instance] : undefined,
  'task' in action ? tasks[action.task] : undefined,
  'batch' in action ? batches[action.batch] : undefined,
];

const isSame = (one: Subject, other: Subject): boolean => one.every((part, n) => part === other[n]);

type Rest = { readonly subject: Subject; readonly count: number; readonly due: number };

export type Backoffs = {
  /** How long an action has still to rest before it is begun again, in milliseconds; 0 as soon as something is new about it. */
  restMs(key: string, subject: Subject): number;
  /** An action is over: it rests where nothing is new about what it is about, each time twice as long. */
  over(key: string, before: Subject, after: Subject): void;
  /** Forgets all actions but those that are still wanted. */
  keep(wanted: ReadonlySet<string>): void;
};

/**
 * Keeps actions from being begun again and again at once that leave everything as it was: the planner wants the same of the same
 * state. Whoever asks for something anew changes what it is about, and need not wait.
 */
export const makeBackoffs = (steady: () => number = () => performance.now()): Backoffs => {
  const rests = new Map<string, Rest>();
  return {
    restMs: (key, subject) => {
      const rest = rests.get(key);
      if (!rest) return 0;
      if (isSame(rest.subject, subject)) return Math.max(0, rest.due - steady());
      rests.delete(key);
      return 0;
    },
    over: (key, before, after) => {
      if (!isSame(before, after)) {
        rests.delete(key);
        return;
      }
      const count = (rests.get(key)?.count ?? 0) + 1;
      const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1));
      rests.set(key, { subject: after, count, due: steady() + ms });
    },
    keep: (wanted) => {
      for (const key of rests.keys()) if (!wanted.has(key)) rests.delete(key);
    },
  };
};
