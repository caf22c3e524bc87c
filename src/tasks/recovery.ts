import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isStaying } from '../state/moves.ts';
import type { Recovery } from '../state/recovery.ts';
import type { Settings } from '../state/settings.ts';
import type { FailureClass, Run, Task } from '../state/tasks.ts';
import { mayDo } from './may-do.ts';

const LONGEST_REST_MS = 300_000;

/** What is done by itself about a program that failed in the middle of a run. */
export type RecoveryRules = {
  /** How often a program may fail at a task; 0: nothing is done. */
  readonly tries: number;
  readonly backoffMs: number;
  /** How often a task goes to another instance. */
  readonly moves: number;
};

export const recoveryRulesIn = ({ recovery }: Settings): RecoveryRules => ({
  tries: recovery.tries,
  backoffMs: recovery.backoff_ms,
  moves: recovery.moves,
});

/** How long a program that failed rests at most before it is started again, in milliseconds. */
export const longestRest = ({ timeouts }: Settings): number => Math.max(LONGEST_REST_MS, timeouts.idle_ms);

/** What happened to a program in the middle of a run. */
export type Broken = {
  readonly class: FailureClass;
  readonly message: string;
  /** Why no further try is worth it: its program is not there, or only a person can say that it may go on. */
  readonly instead?: 'move' | 'person';
  /** How long it has to rest at least before it is started again, in milliseconds. */
  readonly restMs?: number;
};

/** What comes next for the run; undefined when nothing is done by itself. `later` gives the time in so many milliseconds. */
export const recoveryOf = (
  { recovery, state }: Pick<Instance, 'recovery' | 'state'>,
  task: string,
  broken: Broken,
  { rules, later }: { readonly rules: RecoveryRules; readonly later: (ms: number) => string },
): Recovery | undefined => {
  const { class: kind, message, instead, restMs = 0 } = broken;
  const before = recovery?.task === task ? recovery.tries : 0;
  const common = { task, class: kind, message, most: rules.tries, unready: state.kind === 'starting' };
  // What was lost with everything else is nobody's failure.
  if (instead === 'person') return { ...common, tries: before, next: 'person', due: null };
  if (rules.tries === 0) return undefined;
  const tries = before + 1;
  if (instead === 'move' || tries >= rules.tries) return { ...common, tries, next: 'move', due: null };
  const rest = Math.min(LONGEST_REST_MS, rules.backoffMs * 2 ** (tries - 1));
  return { ...common, tries, next: 'restart', due: later(Math.max(rest, restMs)) };
};

/** Failures that are not the fault of the work: another one goes on with it from where it stopped. */
const UNFINISHED: readonly FailureClass[] = [
  ...(['crash', 'hang', 'session-lost', 'stopped', 'limited', 'drover', 'no-program', 'disk', 'memory'] as const),
];

/** Those after which a task goes elsewhere by itself. */
const MOVED: readonly FailureClass[] = [
  ...(['crash', 'hang', 'session-lost', 'limited', 'drover', 'no-program', 'disk', 'memory'] as const),
];

/** The run before, when its work was left unfinished and is what the next one begins with. */
export const unfinishedRun = ({ history, run }: Task): Run | undefined => {
  const last = run ?? history.at(-1);
  return last?.failure && UNFINISHED.includes(last.failure.class) ? last : undefined;
};

/** The program of the agent that failed at it last; another one may fare better. */
export const failedAgent = (task: Task, instances: State['instances']): string | undefined => {
  const last = task.history.at(-1);
  return last?.failure && MOVED.includes(last.failure.class) ? instances[last.instance]?.agent : undefined;
};

/** Whether a run that is given up may go to somebody else, and somebody is there who has not failed at it. */
export const canMove = (state: State, task: Task, from: Instance, moves: number): boolean => {
  const broken = task.history.filter(({ failure }) => failure && MOVED.includes(failure.class));
  if (task.pinned || broken.length >= moves) return false;
  const tried = new Set([from.instance_id, ...broken.map(({ instance }) => instance)]);
  return Object.values(state.instances).some(
    (one) => isStaying(one.state.kind) && !tried.has(one.instance_id) && mayDo(task, one),
  );
};

/** Whether it comes back by itself, so that its run is not over although no program of it runs. */
export const isComingBack = ({ recovery, state }: Pick<Instance, 'recovery' | 'state'>): boolean =>
  recovery !== null && recovery.next !== null && recovery.next !== 'person' && state.kind !== 'stopped';
