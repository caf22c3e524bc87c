import { landMerge } from '../../git/land.ts';
import type { FileEdit, Landing } from '../../ports/index.ts';
import type { Batch } from '../../state/batches.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { comingAlong, revertedBatches } from '../../tasks/built-on.ts';
import { planFormat, tickPlan } from '../../tasks/formats/index.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { numberIn } from '../../tasks/spec/outline.ts';
import type { DaemonServices } from '../services.ts';
import { resolveConflict } from './resolve-conflict.ts';
import { beforeLostWork } from './taken-back.ts';
import type { Verified } from './waiting-tasks.ts';

type Request = {
  readonly batch: Batch;
  readonly task: Verified;
  /** The merges that are not on the branch yet, on which this one is put. */
  readonly below: readonly { readonly task: Verified; readonly commit: string }[];
};

type Placed = { readonly task: Verified; readonly below: readonly { readonly task: Verified }[] };
/** A task that is merged, and those that are with it. */
type Ticked = { readonly task: Pick<Task, 'id' | 'spec'>; readonly below: Placed['below'] };

/** The edit that ticks the boxes of a plan in the repository: those of all tasks that are merged with this one. */
export const boxesToTick = async (
  state: State,
  { task, below }: Ticked,
  read: (path: string) => Promise<string | null>,
): Promise<FileEdit[]> => {
  const spec = task.spec === null ? undefined : state.specs[task.spec];
  if (!spec?.tracked_path) return [];
  const text = await read(spec.tracked_path);
  if (text === null) return [];
  const isBelow = new Set(below.map((layer) => layer.task.id));
  for (const id of [task.id, ...isBelow])
    for (const along of state.tasks[id] ? comingAlong(state, state.tasks[id]) : []) isBelow.add(along.id);
  const done = spec.tasks.flatMap((id) => {
    const one = state.tasks[id];
    const isIn =
      one && (id === task.id || one.batch !== null || isBelow.has(id) || (one.state === 'done' && one.run === null));
    return isIn ? [{ number: numberIn(one), title: one.title }] : [];
  });
  const ticked = tickPlan(planFormat(spec.format ?? 'kiro'), text, done);
  return ticked.text === text ? [] : [{ path: spec.tracked_path, content: ticked.text }];
};

const messageOf = ({ strategy }: Batch, { id, title, run }: Verified): string =>
  `${strategy === 'merge' ? 'Merge ' : ''}${id}: ${title}${run.summary ? `\n\n${run.summary}` : ''}`;

const trailersOf = (batch: Batch, { id, run }: Verified): string =>
  `Drover-Task: ${id}\nDrover-Instance: ${run.instance}\nDrover-Batch: ${batch.id}`;

const fullMessageOf = (batch: Batch, task: Verified): string =>
  `${messageOf(batch, task)}\n\n${trailersOf(batch, task)}`.trimEnd();

/** All tasks that a task is built on, also through others. */
const allPrerequisites = (state: State, task: Task): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (one: Task): void => {
    for (const id of prerequisitesOf(one, state.tasks))
      if (!found.has(id) && state.tasks[id]) {
        found.add(id);
        visit(state.tasks[id]);
      }
  };
  visit(task);
  return found;
};

/** The commits that a task is built on whose work came onto the branch without their history. */
const hadWithoutHistory = async (
  { store, home }: DaemonServices,
  { batch, task, below }: Request,
): Promise<readonly string[]> => {
  const { state } = store;
  const isBelow = new Set(below.map((layer) => layer.task.id));
  const heads = [...allPrerequisites(state, task)].flatMap((id) => {
    const one = state.tasks[id]!;
    const strategy = isBelow.has(id) ? batch.strategy : state.batches[one.batch ?? '']?.strategy;
    return strategy === undefined || strategy === 'merge' ? [] : (one.run?.result?.head_commit ?? []);
  });
  const theirs = task.run.result.head_commit;
  const isIn = await Promise.all(heads.map((head) => home.git.isAncestor(head, theirs)));
  return heads.filter((_head, n) => isIn[n]);
};

/**
 * What a task was begun on, where that is a join of what is all merged by now: it may have brought again what a commit has taken
 * back, and git would compare with what was there without that.
 */
const begunOnMerged = async (
  { store: { state }, home: { git } }: DaemonServices,
  { task, below }: Pick<Request, 'task' | 'below'>,
  { ours, had }: { readonly ours: string; readonly had: readonly string[] },
): Promise<readonly string[]> => {
  const { start_commit: start, result } = task.run;
  if (revertedBatches(state).length === 0) return [];
  const isBelow = new Set(below.map((layer) => layer.task.id));
  const isMerged = (id: string): boolean => isBelow.has(id) || state.tasks[id]!.batch !== null;
  if (![...allPrerequisites(state, task)].every(isMerged)) return [];
  if ((await git.isAncestor(start, ours)) || !(await git.isAncestor(start, result.head_commit))) return [];
  const merged = had.length === 0 ? ours : await git.withHistories(ours, had);
  return (await git.commitCount(merged, start)) === 0 ? [start] : [];
};

/** The edits that tick boxes for tasks one after the other, each made of what those before it have left. */
const tickedInTurn = async ({ store, home }: DaemonServices, onto: string, tasks: readonly Placed[]) => {
  const texts = new Map<string, Promise<string | null>>();
  const read = (path: string): Promise<string | null> => {
    const text = texts.get(path) ?? home.git.readFile(onto, path);
    texts.set(path, text);
    return text;
  };
  const all: (readonly FileEdit[])[] = [];
  for (const one of tasks) {
    const edits = await boxesToTick(store.state, one, read);
    for (const { path, content } of edits) texts.set(path, Promise.resolve(content));
    all.push(edits);
  }
  return all;
};

/** Merges to be made of tasks that come one after the other. */
type Group = Omit<Request, 'task'> & { readonly tasks: readonly Verified[] };

/**
 * The same for the first of some tasks that have nothing to do with each other, together; the commits of as many as could be
 * merged so. What was squashed, rebased or taken back is merged one by one.
 */
export const landTogether = async (
  services: DaemonServices,
  { batch, tasks, below }: Group,
): Promise<readonly string[]> => {
  if (batch.strategy !== 'merge') return [];
  const placed = tasks.map((task, n) => ({
    task,
    below: [...below, ...tasks.slice(0, n).map((one) => ({ task: one }))],
  }));
  const had = await Promise.all(placed.map(({ task }) => hadWithoutHistory(services, { batch, task, below })));
  const onto = below.at(-1)?.commit ?? batch.head_commit;
  const lost = await Promise.all(
    tasks.map(({ run }) => beforeLostWork(services, { ours: onto, theirs: run.result.head_commit })),
  );
  const first = had.findIndex((commits, n) => commits.length > 0 || lost[n] !== undefined);
  const free = first < 0 ? placed : placed.slice(0, first);
  const edits = await tickedInTurn(services, onto, free);
  const branches = free.map(({ task }, n) => ({
    theirs: task.run.result.head_commit,
    message: fullMessageOf(batch, task),
    edits: edits[n]!,
  }));
  return services.home.git.stack({ onto, branches });
};

/**
 * Makes the commit that has the work of a task on top of those below it, with its boxes ticked. It is on no branch: whoever
 * publishes it has it checked first. A conflict is one that nobody had a resolution for.
 */
export const landTask = async (services: DaemonServices, request: Request): Promise<Landing> => {
  const { batch, task, below } = request;
  const ours = below.at(-1)?.commit ?? batch.head_commit;
  const theirs = task.run.result.head_commit;
  const before = await beforeLostWork(services, { ours, theirs });
  const had = await hadWithoutHistory(services, request);
  const begunOn = before === undefined ? await begunOnMerged(services, request, { ours, had }) : [];
  return landMerge(services.home.git, {
    ours,
    theirs,
    strategy: batch.strategy,
    had: [...had, ...begunOn],
    before,
    message: messageOf(batch, task),
    trailers: trailersOf(batch, task),
    edit: (read) => boxesToTick(services.store.state, request, read),
    resolve: ({ files, detail }, side) =>
      resolveConflict(services, { batch, task, below, ours: side, theirs, files, detail }),
  });
};
