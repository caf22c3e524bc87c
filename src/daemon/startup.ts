import type { Target } from '../ports/target.ts';
import { settleClaims } from './actions/branch-claims.ts';
import { finishCutOffs } from './actions/finish-cut-offs.ts';
import { adoptStartedPrograms, deliverUnconfirmedBriefs } from './actions/left-starts.ts';
import { thawUnpaused } from './actions/pause-instance.ts';
import { sweepDrafts, sweepSettingsDrafts } from './actions/sweep-drafts.ts';
import { settleTrash } from './actions/trash.ts';
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
  await finishCutOffs(git, log);
};

/**
 * Takes up what the daemon before this one left, so that the state is true when the planner first looks at it. Before all
 * else what was half done in worktrees is ended: one that was being made is taken away, a checkout is taken back, a removal is
 * ended, and a branch that nothing recorded has is removed.
 * The order matters, because each step goes by what the ones before it have made known:
 *
 * 1. Programs that were started for a run, and of which nobody has recorded it, are taken for those of their instances: what
 *    agents said may be of them.
 * 2. What agents said while nobody listened. Every later step asks in which state an instance is, and which of its questions
 *    are open.
 * 3. Programs that are frozen although nobody pauses them go on: frozen ones would take no key and look as if they hung.
 * 4. Hooks whose question nobody knows of, now that all messages are taken, are let go: their agents wait for them.
 * 5. Questions that a rule answers by keys are answered. It takes a program that is not frozen.
 * 6. The first look at the panes tells which sessions are there, and how programs have ended meanwhile. It comes after the
 *    messages, for an agent that claimed its task and then ended has claimed it.
 * 7. Briefs of which nobody knows whether they arrived are given, only where there still is somebody to take them. A
 *    person's half-typed line may keep one waiting for hours, so this is not waited for.
 *
 * Only then the planner may act, and clients may ask.
 */
export const takeUp = async (services: DaemonServices, meters: Meters): Promise<Startup> => {
  const { targets } = services;
  await Promise.all(targets.map((target) => finishUpdates(services, target)));
  await sweepSettingsDrafts(services);
  await settleTrash(services);
  await takeBackDeliveries(services, { waits: false });
  for (const target of targets) await settleClaims(services, target);
  await adoptStartedPrograms(services);
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
