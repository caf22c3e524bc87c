import { valuesOf } from '../lib/records.ts';
import type { Predicted } from '../state/conflicts.ts';
import type { State } from '../state/index.ts';
import { isAlive } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { isRacing } from './race.ts';
import { hasAll } from './select.ts';
import { compareIds } from './spec/number.ts';

type Cells<T> = readonly T[];

/** Whether two patterns can stand for the same sequence: `many` stands for any number of elements. */
const canMeet = <T>(a: Cells<T>, b: Cells<T>, many: T, fits: (one: T, other: T) => boolean): boolean => {
  // reach[j]: whether what was read of `a` and the first j of `b` can stand for the same.
  let reach = Array.from({ length: b.length + 1 }, (_, j) => b.slice(0, j).every((one) => one === many));
  for (const one of a) {
    const next = [one === many && reach[0]!];
    for (const [j, other] of b.entries()) {
      const isMany = one === many || other === many;
      next.push(isMany ? reach[j]! || reach[j + 1]! || next[j]! : reach[j]! && fits(one, other));
    }
    reach = next;
  }
  return reach.at(-1)!;
};

/** Within a name `*` stands for any letters, `?` for one. */
const namesMeet = (a: string, b: string): boolean =>
  canMeet(
    [...a.replaceAll(/\*+/gu, '*')],
    [...b.replaceAll(/\*+/gu, '*')],
    '*',
    (one, other) => one === other || one === '?' || other === '?',
  );

/** A claim on a folder is one on all that is in it. */
const partsOf = (pattern: string): string[] => [...pattern.split('/').filter((part) => part !== ''), '**'];

const isPath = (pattern: string): boolean => !/[*?]/u.test(pattern);

/** Whether some file could be meant by both patterns: `**` stands for any folders, `*` for any name in one. */
export const patternsMeet = (a: string, b: string): boolean => {
  if (!isPath(a) || !isPath(b)) return canMeet(partsOf(a), partsOf(b), '**', namesMeet);
  // Of nearly all claims: one is the other, or a folder in which that is.
  const [one, other] = [a, b].map((path) => `/${partsOf(path).slice(0, -1).join('/')}/`) as [string, string];
  return one === '//' || other === '//' || one.startsWith(other) || other.startsWith(one);
};

type Claims = Pick<State, 'tasks' | 'instances' | 'predicted'>;

/** The files that a task has for itself while it runs: those it claims, and those it was found to change. */
const claimsOf = ({ id, files = [] }: Task, predicted: Predicted): readonly string[] => [
  ...files,
  ...Object.values(predicted)
    .filter(({ tasks, policy }) => policy === 'serialise' && tasks.includes(id))
    .flatMap((one) => one.files.filter(({ kind }) => kind !== 'overlap').map(({ path }) => path)),
];

/** Whether the task is at work, or begins as soon as its instance can. */
const holds = (task: Task, { tasks, instances }: Claims, busy: ReadonlySet<string>): boolean => {
  if (task.state === 'running' || task.state === 'verifying' || isRacing(task)) return true;
  if (task.state !== 'assigned' || task.held || task.assignee === null || !hasAll(task, tasks)) return false;
  const instance = instances[task.assignee];
  return instance !== undefined && isAlive(instance.state.kind) && !busy.has(task.assignee);
};

const UNDER_WAY = ['running', 'verifying'];

/** Whoever is at work comes first, then whoever was given its task first. */
const compareHolders = (a: Task, b: Task): number =>
  Number(UNDER_WAY.includes(b.state)) - Number(UNDER_WAY.includes(a.state)) ||
  (a.since === b.since ? compareIds(a.id, b.id) : a.since < b.since ? -1 : 1);

// Lists ask for every one of thousands of tasks.
const known = new WeakMap<State['tasks'], { readonly of: Claims; readonly holders: readonly Task[] }>();

/** The tasks that have files for themselves now, the first one first. */
const holdersIn = (state: Claims): readonly Task[] => {
  const found = known.get(state.tasks);
  if (found && found.of.instances === state.instances && found.of.predicted === state.predicted) return found.holders;
  const all = valuesOf(state.tasks).filter((task) => [...UNDER_WAY, 'assigned'].includes(task.state));
  const busy = new Set(all.flatMap((task) => (UNDER_WAY.includes(task.state) && task.assignee ? [task.assignee] : [])));
  const holders = all
    .filter((task) => holds(task, state, busy) && claimsOf(task, state.predicted).length > 0)
    .toSorted(compareHolders);
  known.set(state.tasks, { of: state, holders });
  return holders;
};

/** Who has a file that a task claims, and by which pattern. */
export type ClaimHolder = { readonly task: string; readonly pattern: string };

const meeting = (task: Task, holder: Task, { predicted }: Claims): ClaimHolder | undefined => {
  const own = claimsOf(task, predicted);
  const pattern = claimsOf(holder, predicted).find((theirs) => own.some((mine) => patternsMeet(mine, theirs)));
  return pattern === undefined ? undefined : { task: holder.id, pattern };
};

/**
 * The first task in whose way this one would be, if it began now; undefined where none is. `chosen` are others that are
 * about to begin.
 */
export const claimHolder = (task: Task, state: Claims, chosen: readonly Task[] = []): ClaimHolder | undefined => {
  if (!task.files?.length) return undefined;
  const before = holdersIn(state).filter((one) => task.state !== 'assigned' || compareHolders(one, task) < 0);
  for (const holder of [...before, ...chosen]) {
    const found = holder.id === task.id ? undefined : meeting(task, holder, state);
    if (found) return found;
  }
  return undefined;
};

/** So many tasks that claim files are compared with one another: more than agents are ever proposed. */
const COMPARED = 20;

/**
 * Those of the tasks, so many at most, that can be at work beside one another: none waits for a file that another one has, or would
 * have.
 */
export const besideOneAnother = (
  tasks: readonly Task[],
  state: Claims,
  most = Number.POSITIVE_INFINITY,
): readonly Task[] => {
  const claiming: Task[] = [];
  const found: Task[] = [];
  for (const task of tasks) {
    if (found.length >= most) break;
    if (claimHolder(task, state, claiming)) continue;
    if (task.files?.length && claiming.length < COMPARED) claiming.push(task);
    found.push(task);
  }
  return found;
};
