import { shellQuote } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import type { Batch } from '../../state/batches.ts';
import { ownCommitsText } from '../../text/own-commits.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { integrationWorktree } from './integration-worktree.ts';
import { repairWords } from './run-gates.ts';
import { takeBackDeliveries } from './take-back-deliveries.ts';

/**
 * Whether the branch has what was being brought onto it: by the git that outlived a daemon, and its owner may have gone on
 * from there.
 */
export const hasArrived = async ({ git }: DaemonServices['home'], { delivery, head_commit: to }: Batch) => {
  if (delivery?.state !== 'moving' || delivery.to_commit !== to) return false;
  const tip = await git.resolve(`refs/heads/${delivery.branch}`);
  return tip !== null && (tip === to || (await git.isAncestor(to, tip)));
};

/** What brings the commits of a branch into the one that batches are merged into. */
const bringingIn = async (services: DaemonServices, branch: string, target: string): Promise<string> => {
  const { git } = services.home;
  const base = services.settings.branches.base ?? (await git.currentBranch());
  const [to, from] = await Promise.all([target, branch].map((name) => git.resolve(`refs/heads/${name}`)));
  if (branch === base && to && from && (await git.mergeTrees(to, from)).kind !== 'conflict')
    return `merge once more after this has brought them in: sync branch ${saidId(target)}`;
  const line = ['git', '-C', await integrationWorktree(services), 'merge', branch].map(shellQuote).join(' ');
  return `bring them in with "${line}", then merge once more`;
};

/**
 * Brings the branch forward that was asked for with to=, by a fast-forward. What is about to happen is recorded before: after
 * a crash the branch itself says whether it has. Where it cannot be, it stays, and that is told. `judge` says what is wrong
 * with the commit that it would go to, which may have come by no batch.
 */
export const deliver = async (
  services: DaemonServices,
  id: string,
  judge: () => Promise<string | undefined>,
): Promise<void> => {
  const { git } = services.home;
  const batch = services.store.state.batches[id]!;
  const { delivery, head_commit: to, target, cancelled } = batch;
  if (delivery === null || delivery.state === 'delivered' || delivery.state === 'refused') return;
  const { branch } = delivery;
  // The one that a daemon before this one has ordered comes to its end first, whatever that is.
  if (delivery.state === 'moving') await takeBackDeliveries(services, { waits: true });
  const refuse = (problem: string) =>
    services.decide(() => [{ type: 'batch.delivery_refused', data: { id, problem } }]);
  // Whatever was left of one that was cut off is out of the way.
  const done = () =>
    services.decide((now) => [
      { type: 'batch.delivered', data: { id } },
      ...clearAlertFacts(now, `cut-off:${branch}`, 'delivered'),
    ]);
  if (await hasArrived(services.home, batch)) {
    await done();
    return;
  }
  if (cancelled !== null) {
    await refuse(`the batch was cancelled by ${cancelled}`);
    return;
  }
  const from = await git.resolve(`refs/heads/${branch}`);
  if (from === to) {
    await done();
    return;
  }
  if (from === null) {
    await refuse('it is not there any more');
    return;
  }
  if (!(await git.isAncestor(from, to))) {
    const bring = await bringingIn(services, branch, target);
    await refuse(`${ownCommitsText(target)}; ${bring}`);
    return;
  }
  const problem = await judge();
  if (problem !== undefined) {
    const help = repairWords(target);
    await refuse(`${target} fails at ${to.slice(0, 10)}, which no batch had judged: ${problem}; ${help}`);
    return;
  }
  await services.decide(() => [
    { type: 'batch.delivering', data: { id, branch, from_commit: from, to_commit: to } },
    { type: 'batch.stepped', data: { id, kind: 'deliver', task: null, gate: null } },
  ]);
  const moved = await git.fastForward(branch, from, to);
  if (moved.kind === 'moved') await done();
  else await refuse(moved.why);
};
