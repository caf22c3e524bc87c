import { messageOf } from '../lib/errors.ts';
import type { Target } from '../ports/target.ts';
import { settleClaims } from './actions/branch-claims.ts';
import { thawUnpaused } from './actions/pause-instance.ts';
import { deliverUnconfirmedBriefs } from './actions/start-task.ts';
import { sweepDrafts } from './actions/sweep-drafts.ts';
import type { Service } from './health/service.ts';
import { takeBackDeliveries } from './integration/take-back-deliveries.ts';
import type { DaemonServices } from './services.ts';
import { releaseForgottenHooks } from './signals/hook-pipes.ts';
import { makeMessageTaker, recordSignal } from './signals/take-message.ts';
import { answerLeftRequests } from './signals/take-request.ts';
import type { Meters } from './watch/meters.ts';
import { openPaneWatch } from './watch/watch-panes.ts';
import { watchSpools } from './watch/watch-spool.ts';

type Startup = {
  /** When each instance was heard of last by a hook, in milliseconds since 1970. */
  readonly lastHeard: Map<string, number>;
  /** What goes on until the daemon ends. */
  readonly watches: readonly Service[];
  /** Resolves when each brief of which nobody knew whether it arrived was typed, or nobody is there to take it. */
  readonly briefs: Promise<void>;
};

/** Ends what was cut off in worktrees, before anybody works on there: updates and checkouts, and half-written texts. */
const finishUpdates = async ({ home, log, paths }: DaemonServices, target: Target): Promise<void> => {
  const { git } = target;
  await sweepDrafts(target, target === home ? [paths.trash] : []);
  try {
    for (const path of await git.finishAdvances())
      log(`an update of ${path} was cut off, and is at an end now, or taken back`);
  } catch (error) {
    log(`an update of a worktree was cut off and stays so: ${messageOf(error)}`);
  }
};

/**
 * Takes up what the daemon before this one left, so that the state is true when the planner first looks at it. Before all
 * else what was half done in worktrees is ended: a checkout is taken back, and a branch that nothing recorded has is removed.
 * The order matters, because each step goes by what the ones before it have made known:
 *
 * 1. What agents said while nobody listened comes first. Every later step asks in which state an instance is, and which of
 *    its questions are open.
 * 2. Programs that are frozen although nobody pauses them go on: frozen ones would take no key and look as if they hung.
 * 3. Hooks whose question nobody knows of, now that all messages are taken, are let go: their agents wait for them.
 * 4. Questions that a rule answers by keys are answered. It takes a program that is not frozen.
 * 5. The first look at the panes tells which sessions are there, and how programs have ended meanwhile. It comes after the
 *    messages, for an agent that claimed its task and then ended has claimed it.
 * 6. Briefs of which nobody knows whether they arrived are typed, only where there still is somebody to take them. A
 *    person's half-typed line may keep one waiting for hours, so this is not waited for.
 *
 * Only then the planner may act, and clients may ask.
 */
export const takeUp = async (services: DaemonServices, meters: Meters): Promise<Startup> => {
  const { targets } = services;
  await Promise.all(targets.map((target) => finishUpdates(services, target)));
  await takeBackDeliveries(services, { waits: false });
  for (const target of targets) await settleClaims(services, target);
  const lastHeard = new Map<string, number>();
  const panes = openPaneWatch(services, {
    record: (id, seen, origin) => recordSignal(services, id, seen, origin),
    lastHeard,
  });
  const take = makeMessageTaker(services, { panes, lastHeard, meters });
  const spool = await watchSpools(services, take);
  await spool.backlogTaken;
  await Promise.all(targets.map((target) => thawUnpaused(services, target)));
  await Promise.all(targets.map((target) => releaseForgottenHooks(services, target)));
  await answerLeftRequests(services);
  const looks = panes.watch();
  await panes.firstLook;
  const briefs = deliverUnconfirmedBriefs(services);
  return { lastHeard, watches: [spool, looks], briefs };
};
