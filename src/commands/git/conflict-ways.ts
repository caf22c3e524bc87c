import { saidId, saidOption, saidText } from '../../protocol/say.ts';
import { type ConflictRecord, conflictId } from '../../state/conflict-records.ts';
import { MERGED_SIDE } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import { isStaying } from '../../state/moves.ts';
import { reviewOf } from '../../state/reviews.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import type { Suggestion } from '../../text/suggestions.ts';
import { lookUp } from '../selection.ts';
import type { Conflict } from './conflicts.ts';

/** The conflict that is meant: by its id, or by its task, where that is in several the one that is in the way. */
export const conflictMeant = (conflicts: readonly Conflict[], id: string): Conflict => {
  const all = Object.fromEntries(conflicts.map((one) => [one.id, one]));
  if (Object.hasOwn(all, id)) return all[id]!;
  const ofTask = conflicts.filter((one) => one.task === id || one.with_task === id);
  const inBatches = ofTask.filter(({ kind }) => kind === 'merge');
  return ofTask.findLast((one) => one.open) ?? inBatches.at(-1) ?? ofTask.at(-1) ?? lookUp(all, id, 'conflict');
};

/** What is known of a conflict that a batch met. */
export const recordOf = ({ conflicts }: State, { batch, task }: Conflict): ConflictRecord | undefined => {
  const id = batch === null || task === null ? undefined : conflictId(batch, task);
  return id !== undefined && Object.hasOwn(conflicts, id) ? conflicts[id] : undefined;
};

/** The ways that choose a side; none where all was resolved and the gates refused that. */
const sideWays = (task: string, { files, with: others }: ConflictRecord): readonly Suggestion[] => {
  const open = files.filter(({ solved }) => !solved);
  if (open.length === 0) return [];
  const merged = others.length > 0 ? others.join(' and ') : 'what is merged already';
  const union = {
    command: `resolve conflict ${saidId(task)} union`,
    what: 'take the lines of both, those that are merged already first',
  };
  return [
    { command: `resolve conflict ${saidId(task)} ours`, what: `where they meet, keep what ${merged} did` },
    { command: `resolve conflict ${saidId(task)} theirs`, what: `where they meet, take what ${task} did` },
    ...(open.every(({ lines }) => lines > 0) ? [union] : []),
  ];
};

/** Without a choice: of use where a rule was added, or somebody has resolved the same meanwhile. */
const AGAIN: Suggestion = {
  command: 'resolve conflicts auto',
  what: 'try all that are in the way again, where integration.resolve says more now or the like was resolved since',
};

/** What makes the branch of finished work fit what is merged already. */
const fittingWays = (task: string, target: string): readonly Suggestion[] => [
  {
    command: `return task ${saidId(task)} ${saidText(`Merge the branch ${target} into yours and resolve the conflicts`)}`,
    what: 'have its agent resolve it on its branch',
  },
  { command: `takeover task ${saidId(task)}`, what: 'resolve it yourself, in a worktree on its branch' },
];

/** The same for finished work that is foreseen to conflict with what is merged already: no batch has met that yet. */
const foreseenWays = (state: State, { task, with_instance }: Conflict, target: string): readonly Suggestion[] => {
  // The task may be gone while the look that found the conflict stands.
  const own = task === null ? undefined : state.tasks[task];
  const isWaiting = own !== undefined && with_instance === MERGED_SIDE && isMergeable(own);
  if (task === null || !isWaiting || reviewOf(state.reviews, task).taken_over !== null) return [];
  return fittingWays(task, target);
};

/** What gets a conflict out of the way that work has with what is merged, the least work first; nothing where it is over. */
export const waysOut = (state: State, one: Conflict, integration: string): readonly Suggestion[] => {
  const { kind, open, task, batch } = one;
  if (kind === 'predicted') return foreseenWays(state, one, integration);
  if (kind !== 'merge' || !open || task === null) return [];
  const record = recordOf(state, one);
  const target = state.batches[batch ?? '']?.target ?? integration;
  const author = state.instances[one.instance ?? ''];
  const byAgent = {
    command: `resolve conflict ${saidId(task)} ${saidOption('agent', author?.instance_id ?? '')}`,
    what: 'have its agent make it fit; then it is merged by itself',
  };
  return [
    ...(record ? sideWays(task, record) : []),
    AGAIN,
    // Its agent is told what is known of it.
    ...(record && author && isStaying(author.state.kind) ? [byAgent] : []),
    ...fittingWays(task, target),
  ];
};
