import { entryOf } from '../../lib/entry.ts';
import { valuesOf } from '../../lib/records.ts';
import { saidId } from '../../protocol/say.ts';
import type { ConflictFile, PredictedConflict } from '../../state/conflicts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isAlive, isHeld } from '../../state/moves.ts';
import type { ConflictSettings } from '../../state/swarm-settings.ts';
import type { Task } from '../../state/tasks.ts';
import { conflictText } from '../../text/conflict-text.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** Two works that change the same files, as a look found them; `files` are those to be told of. */
export type Met = Pick<PredictedConflict, 'instances' | 'tasks' | 'files'>;

/** The name of the conflict of two sides; there is one for each pair. */
export const conflictId = ([first, second]: Met['instances']): string => `${first}/${second}`;

const alertOf = (id: string): string => `conflict:${id}`;

const UNDER_WAY: readonly string[] = ['running', 'verifying'];

/** The task whose work is in the worktree of an instance: the one it is at, else its last one that is not merged. */
export const taskIn = (state: State, instance: string): Task | undefined => {
  const own = valuesOf(state.tasks).filter((task) => task.run?.instance === instance);
  return (
    own.find((task) => UNDER_WAY.includes(task.state)) ??
    own.filter((task) => task.batch === null).toSorted((a, b) => (a.run!.started_at < b.run!.started_at ? 1 : -1))[0]
  );
};

const isSameWork = (one: Pick<Met, 'tasks'>, other: Pick<Met, 'tasks'>): boolean =>
  one.tasks.every((task) => task !== null && other.tasks.includes(task));

/** What is recorded of a conflict: by its name, or of the same two tasks by the worktrees in which they were. */
export const knownOf = ({ predicted }: Pick<State, 'predicted'>, met: Met): PredictedConflict | undefined =>
  entryOf(predicted, conflictId(met.instances)) ?? Object.values(predicted).find((one) => isSameWork(one, met));

const isSafe = (met: Met): boolean => met.files.every(({ kind }) => kind === 'overlap');

/** Lines that have moved by no more than this are where they were: somebody has added something above them. */
const NEAR = 20;

type Ranges = ConflictFile['lines'][number];

const isNear = (before: Ranges, now: Ranges): boolean =>
  before.length === 0 || now.length === 0
    ? before.length === now.length
    : now.some(([first, last]) => before.some((old) => first <= old[1] + NEAR && old[0] <= last + NEAR));

/** Whether it is the same trouble: lines that move by a few with each edit are no news, other files and places are. */
const isKnown = (known: PredictedConflict | undefined, met: Met): boolean =>
  known !== undefined &&
  known.files.length === met.files.length &&
  known.tasks.every((task, side) => task === met.tasks[side]) &&
  met.files.every((file) => {
    const before = known.files.find(({ path }) => path === file.path);
    return (
      before?.kind === file.kind && ([0, 1] as const).every((side) => isNear(before.lines[side], file.lines[side]))
    );
  });

/** The one of the two whose run began later, if it can be paused: it is at work, and nobody holds it. */
const laterOf = (state: State, { instances, tasks }: Met): string | null => {
  const began = (side: 0 | 1): string => entryOf(state.tasks, tasks[side])?.run?.started_at ?? '';
  const side = began(0) > began(1) ? 0 : 1;
  const [task, other] = [entryOf(state.tasks, tasks[side]), entryOf(state.tasks, tasks[1 - side]!)];
  const instance = entryOf(state.instances, instances[side]);
  const isAtWork = task?.state === 'running' && UNDER_WAY.includes(other?.state ?? '');
  return isAtWork && instance && isAlive(instance.state.kind) && instance.hold === null ? instances[side] : null;
};

const alertFact = (met: Met, paused: string | null, policy: ConflictSettings['policy']): EventDraft => {
  const id = conflictId(met.instances);
  const waits = policy === 'serialise' ? 'until the other is done' : 'until it is resumed';
  return {
    type: 'alert.raised',
    data: {
      id: alertOf(id),
      severity: isSafe(met) ? 'info' : 'warning',
      text: `${conflictText(met)}${paused === null ? '' : `; ${paused} is paused ${waits}`}`,
      suggestion: paused === null ? `show conflict ${saidId(id)}` : `resume instance ${saidId(paused)}`,
      instance: paused,
      task: null,
    },
  };
};

/** Whether both are work of the same task, as in a race, of which only one is merged: that may be the task itself by now. */
const isOneTask = (state: State, { tasks }: Met): boolean => {
  const [first, second] = tasks.map((id) => entryOf(state.tasks, id)?.race_of ?? id);
  return first !== null && first === second;
};

/** Whether a worktree still holds an attempt that was given up for another one: nobody will merge it. */
const isGivenUp = (state: State, { instances, tasks }: Met): boolean =>
  instances.some((id, side) => {
    const branch = entryOf(state.instances, id)?.branch_name;
    return (
      tasks[side] === null &&
      valuesOf(state.tasks).some(({ history }) => history.some((run) => run.instance === id && run.branch === branch))
    );
  });

/** Whether nothing of either is merged as things stand: both have ended, and no task is theirs. Who goes on is looked at again. */
const isIdleWork = (state: State, { instances, tasks }: Pick<Met, 'instances' | 'tasks'>): boolean =>
  tasks.every((task) => task === null) &&
  instances.every((id) => entryOf(state.instances, id)?.state.kind === 'stopped');

const newFacts = (state: State, met: Met, settings: ConflictSettings): EventDraft[] => {
  const id = conflictId(met.instances);
  if (isKnown(entryOf(state.predicted, id), met)) return [];
  const known = knownOf(state, met);
  const pauses = settings.policy !== 'warn' && !isSafe(met);
  // What was paused for it once is not paused again when somebody has let it go on.
  const paused = known ? known.paused : pauses ? laterOf(state, met) : null;
  return [
    { type: 'conflict.predicted', data: { id, ...met, policy: settings.policy, paused } },
    ...(paused !== null && !known
      ? [{ type: 'instance.pause_requested', data: { instance_id: paused } } as const]
      : []),
    alertFact(met, paused, settings.policy),
  ];
};

/** Lets go on who was paused until the other one is done. */
const resumeFacts = (state: State, { policy, paused }: PredictedConflict): EventDraft[] => {
  const instance = entryOf(state.instances, paused);
  return policy === 'serialise' && instance !== undefined && isHeld(instance)
    ? [{ type: 'instance.resume_requested', data: { instance_id: instance.instance_id } }]
    : [];
};

const whyEnded = (state: State, known: PredictedConflict, found: readonly Met[]): string => {
  if (known.tasks.some((task) => (entryOf(state.tasks, task)?.batch ?? null) !== null))
    return 'one of the two is merged';
  if (isIdleWork(state, known)) return 'both are stopped without a task';
  const next = found.find((met) => isSameWork(known, met));
  return next ? `it is ${conflictId(next.instances)} now` : 'the two would merge now';
};

const endFacts = (state: State, known: PredictedConflict, found: readonly Met[]): EventDraft[] => {
  const because = whyEnded(state, known, found);
  return [
    { type: 'conflict.ended', data: { id: known.id, because } },
    ...clearAlertFacts(state, alertOf(known.id), because),
    ...resumeFacts(state, known),
  ];
};

/** Whether the one that the paused one waits for is not at work any more. */
const isOtherDone = (state: State, { instances, tasks, paused }: PredictedConflict): boolean => {
  const other = tasks[instances[0] === paused ? 1 : 0];
  return !UNDER_WAY.includes(entryOf(state.tasks, other)?.state ?? '');
};

/** The facts by which those go on that waited for others which are done now. */
export const goOnFacts = (state: State): EventDraft[] =>
  Object.values(state.predicted).flatMap((known) => {
    if (known.paused === null || known.policy !== 'serialise' || !isOtherDone(state, known)) return [];
    const { since: _since, ...rest } = known;
    const met = { ...rest, paused: null };
    return [{ type: 'conflict.predicted', data: met }, alertFact(met, null, met.policy), ...resumeFacts(state, known)];
  });

/** Whether there is still an instance, or finished work, of this name. */
const isThere = ({ instances, tasks }: State, id: string): boolean =>
  entryOf(instances, id) !== undefined || valuesOf(tasks).some((task) => task.id === id || task.run?.branch === id);

/** Whether nothing is known of a conflict now, because what is still there of it was not looked at. */
const isUnknown = (state: State, { instances }: PredictedConflict, unseen: ReadonlySet<string>): boolean =>
  instances.some((id) => unseen.has(id) && isThere(state, id));

/**
 * The facts that make the record what a look found: of each conflict is told when it begins, when it is about other files
 * or places, and when it is gone, which nobody knows of one with an instance that is `unseen`. An edit alone is no fact,
 * however many there are.
 */
export const conflictFacts = (
  state: State,
  all: readonly Met[],
  settings: ConflictSettings,
  unseen: ReadonlySet<string> = new Set(),
): EventDraft[] => {
  const found = all.filter((met) => !isOneTask(state, met) && !isGivenUp(state, met) && !isIdleWork(state, met));
  const ids = new Set(found.map(({ instances }) => conflictId(instances)));
  return [
    ...Object.values(state.predicted).flatMap((known) =>
      ids.has(known.id) || isUnknown(state, known, unseen) ? [] : endFacts(state, known, found),
    ),
    ...found.flatMap((met) => newFacts(state, met, settings)),
  ];
};
