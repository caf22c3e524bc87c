import type { AsideReason, Batch } from '../../state/batches.ts';
import { conflictId } from '../../state/conflict-records.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { asideAlertFact } from '../../text/aside-alert.ts';
import type { DaemonServices } from '../services.ts';

/** A task of a batch that is not merged, and why. */
export type SetAside = {
  readonly task: string;
  readonly reason: AsideReason;
  readonly message: string;
  readonly files: string[];
  readonly commit?: string;
  /** Whether it has failed with what it builds on. */
  readonly spoiled?: true;
};

/** Forgets what was remembered and has resolved all of a conflict, when a gate refused that: it was no answer here. */
const refusedMemoryFacts = (state: State, batch: string, { task, reason }: SetAside): EventDraft[] => {
  const files = state.conflicts[conflictId(batch, task)]?.files ?? [];
  const keys = files.flatMap(({ memory }) => memory ?? []);
  const isRefused = reason === 'conflict' && keys.length > 0 && files.every(({ solved }) => solved);
  return isRefused ? [{ type: 'conflict.forgotten', data: { keys } }] : [];
};

/** The facts that set a task aside, without a word to anybody. A task whose gate failed has failed, with what is built on it. */
export const quietAsideFacts = (state: State, batch: string, aside: SetAside): EventDraft[] => {
  const { task, reason, message, spoiled } = aside;
  const failed = spoiled ? 'dependency' : 'gate';
  const facts: EventDraft[] = [
    { type: 'batch.set_aside', data: { id: batch, ...aside } },
    ...refusedMemoryFacts(state, batch, aside),
  ];
  if ((reason === 'gate' || spoiled) && state.tasks[task]?.state === 'done')
    facts.push({ type: 'run.failed', data: { id: task, failure: { class: failed, message } } });
  return facts;
};

/** The facts that set a task aside, and tell of it. */
export const asideFacts = (state: State, batch: string, aside: SetAside): EventDraft[] => {
  const facts = quietAsideFacts(state, batch, aside);
  // Nothing is wrong with what a batch that was stopped did not come to, and whoever took work back knows that.
  if (aside.reason === 'stopped' || aside.reason === 'withdrawn') return facts;
  return [...facts, asideAlertFact(batch, aside)];
};

/** Records tasks as set aside, in one piece. */
export const setAside = async (
  services: DaemonServices,
  { id }: Pick<Batch, 'id'>,
  asides: readonly SetAside[],
): Promise<void> => {
  await services.decide((now) => asides.flatMap((aside) => asideFacts(now, id, aside)));
};
