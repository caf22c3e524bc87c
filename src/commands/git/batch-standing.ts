import { WOULD_BE_OVERWRITTEN } from '../../lib/would-be-overwritten.ts';
import { saidOption } from '../../protocol/say.ts';
import type { Batch } from '../../state/batches.ts';
import { ownCommitsText } from '../../text/own-commits.ts';
import type { Context } from '../define.ts';

/** What branches have of a batch by now, by their commits: what was true when it ended may be over. */
export type BatchStanding = {
  /** What keeps the branch of its delivery where it is; null where nothing does. */
  readonly stays: string | null;
  /** What is said of branches that still have its work, although it was taken back where it was merged. */
  readonly notes: readonly string[];
};

type Needs = Pick<Context, 'git' | 'store'>;

const tipOf = ({ git }: Pick<Needs, 'git'>, branch: string): Promise<string | null> =>
  git.resolve(`refs/heads/${branch}`);

/** What the commits of a branch keep it from, as long as the branch of the merges lacks them. */
const ownCommitsStay = async (context: Needs, { delivery, target }: Batch, tip: string): Promise<string | null> => {
  const merged = await tipOf(context, target);
  if (merged === null || !(await context.git.isAncestor(tip, merged))) return null;
  return `its commits are in ${target} by now; merge once more: ${deliveryCommand(delivery!.branch)}`;
};

/** What a look at the checkout of a branch tells of the files that were in the way there. */
const checkoutStays = async ({ git }: Needs, { delivery, head_commit: head, target }: Batch, tip: string) => {
  const { branch } = delivery!;
  if (!(await git.isAncestor(tip, head))) return ownCommitsText(target);
  const trouble = await git.forwardTrouble(branch, tip, head);
  return trouble ?? `no file is in its way by now; merge once more: ${deliveryCommand(branch)}`;
};

const staysOf = async (context: Needs, batch: Batch): Promise<string | null> => {
  const { delivery, head_commit: head, target } = batch;
  if (delivery?.state !== 'refused' || delivery.problem === null) return null;
  const { branch, problem } = delivery;
  const tip = await tipOf(context, branch);
  if (tip === null) return problem;
  if (await context.git.isAncestor(head, tip)) return null;
  if (problem.startsWith(ownCommitsText(target))) return (await ownCommitsStay(context, batch, tip)) ?? problem;
  // Of anything else, as of a lock, a look does not tell.
  return problem.includes(WOULD_BE_OVERWRITTEN) ? checkoutStays(context, batch, tip) : problem;
};

const deliveryCommand = (branch: string): string => `merge completed branches ${saidOption('to', branch)}`;

/** The branches that any batch was delivered to and that have this one in them. */
export const branchesWith = async ({ git, store }: Needs, { head_commit: head }: Batch): Promise<readonly string[]> => {
  const delivered = Object.values(store.state.batches).flatMap(({ delivery }) =>
    delivery?.state === 'delivered' ? [delivery.branch] : [],
  );
  const found: string[] = [];
  for (const branch of new Set(delivered)) {
    const tip = await tipOf({ git }, branch);
    if (tip !== null && (await git.isAncestor(head, tip))) found.push(branch);
  }
  return found;
};

/** Where a batch still is that was taken back by a commit, which can be brought there. */
const keepingOf = async (context: Needs, batch: Batch): Promise<readonly string[]> => {
  const { state, rollback, target } = batch;
  if (state !== 'rolled-back' || rollback?.method !== 'revert') return [];
  const { tasks } = context.store.state;
  // What was merged again since is not taken back by a delivery.
  if (batch.merged.every(({ task }) => (tasks[task]?.batch ?? null) !== null)) return [];
  const merged = await tipOf(context, target);
  if (merged === null || !(await context.git.isAncestor(rollback.to_commit, merged))) return [];
  const found: string[] = [];
  for (const branch of await branchesWith(context, batch)) {
    const tip = await tipOf(context, branch);
    if (tip !== null && !(await context.git.isAncestor(rollback.to_commit, tip))) found.push(branch);
  }
  return found;
};

/** What is said of a branch that still has what was taken back, and how it is taken back there. */
const keepingText = (branch: string): string =>
  `${branch} still has it; to take it back there as well: ${deliveryCommand(branch)}`;

export const keepingNotes = async (context: Needs, batch: Batch): Promise<readonly string[]> =>
  (await keepingOf(context, batch)).map(keepingText);

export const standingOf = async (context: Needs, batch: Batch): Promise<BatchStanding> => ({
  stays: await staysOf(context, batch),
  notes: await keepingNotes(context, batch),
});
