import { formatDuration } from '../lib/duration.ts';
import { instantOf } from '../lib/instant.ts';
import { shownLine } from '../lib/text.ts';
import { type Batch, type Batches, isUnderWay } from '../state/batches.ts';

/** The batch that the integration branch is about to move for. */
export const batchUnderWay = (batches: Batches): Batch | undefined => Object.values(batches).find(isUnderWay);

/** What a step is called; a gate has a name of its own unless it is the usual one. */
const stepName = ({ kind, gate }: NonNullable<Batch['step']>): string => {
  if (kind === 'wait') return 'waits for its turn';
  return gate === null || gate === 'merge' ? 'check' : shownLine(gate);
};

/** For how long a step is under way; empty in its first second. */
const stepTime = ({ since }: NonNullable<Batch['step']>, now: number): string => {
  const seconds = Math.max(0, Math.floor((now - instantOf(since)) / 1000));
  return seconds === 0 ? '' : formatDuration(seconds * 1000);
};

/** The task that a batch is at, and what with, for how long: `t40`, `check 4s`. */
const stepWords = ({ step, tasks, merged, set_aside: aside }: Batch, now: number): readonly string[] => {
  const decided = new Set([...merged, ...aside].map(({ task }) => task));
  const task = step?.task ?? tasks.find((id) => !decided.has(id));
  const named = task === undefined ? [] : [shownLine(task)];
  if (!step) return named;
  return [...named, `${stepName(step)} ${stepTime(step, now)}`.trim()];
};

/** A batch that only brings a branch forward, or is at that: `delivering to main · check 4s`; undefined where it merges. */
const deliveryProgress = (batch: Batch, now: number): readonly [long: string, short: string] | undefined => {
  const { delivery, step, tasks } = batch;
  const isAtIt = step?.kind === 'deliver';
  if (delivery === null || (!isAtIt && tasks.length > 0)) return undefined;
  const to = `to ${shownLine(delivery.branch)}`;
  const words = isAtIt ? [stepTime(step, now)] : stepWords(batch, now);
  return [[`delivering ${to}`, ...words].filter(Boolean).join(' · '), to];
};

/** What stops a batch midway; null where it cannot be stopped, or is being stopped. */
export const stopCommand = ({ id, state, cancelled }: Batch): string | null =>
  state === 'running' && cancelled === null ? `cancel integration ${id}` : null;

/** How far a batch is, from the longest text to the shortest: `merging 23/171 · t40 · check 4s`, `23/171`; `delivering to main`, `to main`. */
export const batchProgress = (batch: Batch, now: number): readonly [long: string, short: string] => {
  if (batch.state === 'rolling-back') return [`rolling ${batch.id} back`, `${batch.id} back`];
  const delivering = deliveryProgress(batch, now);
  if (delivering) return delivering;
  const far = `${batch.merged.length + batch.set_aside.length}/${batch.tasks.length}`;
  return [[`merging ${far}`, ...stepWords(batch, now)].join(' · '), far];
};
