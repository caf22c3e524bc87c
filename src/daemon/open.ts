import type { Signal } from '../agents/adapter.ts';
import { type Audit, openAudit } from '../audit/open.ts';
import { type AppError, messageOf } from '../lib/errors.ts';
import { doorsIn } from '../link/index.ts';
import type { Reflective } from '../ports/reflective.ts';
import type { Reply } from '../ports/swarm.ts';
import { writeAgentTools } from './actions/launch-instance.ts';
import { type Ending, makeEnding } from './ending.ts';
import { reflectEdges } from './health/edge-health.ts';
import { reportHealth } from './health/health-report.ts';
import { type Heart, openHeart } from './health/heart.ts';
import type { Service } from './health/service.ts';
import { type Ledgers, openLedgers } from './logs/ledgers.ts';
import { watchLogTimes } from './logs/log-times.ts';
import { openServices, type ServiceOptions } from './open-services.ts';
import { openReactor, type Reactor } from './reactor.ts';
import { reachAgain } from './sandbox/shut-in.ts';
import { watchNetwork } from './sandbox/watch-network.ts';
import { actorOf } from './serve/actor.ts';
import { makeNotes } from './serve/notes.ts';
import { makeRequests } from './serve/requests.ts';
import { makeResolveSpeaker } from './serve/resolve-speaker.ts';
import { openServer, type Server } from './serve/server.ts';
import { DAEMON } from './serve/speaker.ts';
import type { DaemonServices } from './services.ts';
import { openSharing } from './sharing/open-sharing.ts';
import { recordSignal } from './signals/take-message.ts';
import { settlePlace } from './settle-place.ts';
import { takeUp } from './startup.ts';
import { watchEndedSessions } from './watch/ended-sessions.ts';
import { openMeters } from './watch/meters.ts';
import { watchAudit } from './watch/watch-audit.ts';
import { watchBase } from './watch/watch-base.ts';
import { watchConflicts } from './watch/watch-conflicts.ts';
import { watchDisk } from './watch/watch-disk.ts';
import { lossFacts, watchJournal } from './watch/watch-journal.ts';
import { watchLimits } from './watch/watch-limits.ts';
import { watchMemory } from './watch/watch-memory.ts';
import { watchOrphans } from './watch/watch-orphans.ts';
import { watchPlaces } from './watch/watch-places.ts';
import { watchPlans } from './watch/watch-plans.ts';
import { watchRecords } from './watch/watch-records.ts';
import { watchRefs } from './watch/watch-refs.ts';
import { watchRegister } from './watch/watch-register.ts';
import { watchSecrets } from './watch/watch-secrets.ts';
import { watchSettings } from './watch/watch-settings.ts';
import { spooledIn } from './watch/watch-spool.ts';
import { watchStrangers } from './watch/watch-strangers.ts';
import { watchWorktrees } from './watch/watch-worktrees.ts';

type DaemonOptions = ServiceOptions & {
  /** Something watches over it, and starts it again. */
  readonly watched?: boolean;
};

export type Daemon = {
  /**
   * Resolves when a command asked it to end, `close` was called, or nothing could be recorded any more, and everything is
   * put away; with the failure in that last case.
   */
  readonly ended: Promise<AppError | null>;
  close(): Promise<void>;
  /** Whether it ends so that whoever watches over it starts the next one. */
  isAgain(): boolean;
  /** Notes at once that it ends by itself: an error that nobody caught leaves no time for more. */
  noteCrash(why: string): void;
};

/** How long what is under way may take to come to its end when the daemon ends, in milliseconds: a git can wait for ever. */
const GRACE_MS = 3000;

const giveUp = (cut: AbortController, log: (line: string) => void): void => {
  log('gives up what is still under way: the programs that it waits for are ended');
  cut.abort();
};

/** Puts everything away in the order in which it depends on each other; a store that failed takes no last word. */
const putAway = async (
  services: DaemonServices & AsyncDisposable,
  parts: {
    watches: readonly Service[];
    briefs: Promise<void>;
    reactor: Reactor;
    ledgers: Ledgers;
    audit: Audit;
    heart: Heart;
    ending: Ending;
  },
): Promise<void> => {
  await Promise.all([...parts.watches.map(({ done }) => done), parts.briefs, parts.reactor.idle()]);
  if (!parts.ending.failure())
    // Where it cannot be recorded the store has failed, and the rest is put away all the same.
    await services
      .decide(() => [{ type: 'daemon.stopped', data: { pid: process.pid } }])
      .catch((error: unknown) => services.log(`the end could not be recorded: ${messageOf(error)}`));
  const failure = parts.ending.failure();
  await parts.ledgers.flushed();
  await parts.audit.close();
  // As long as the lock is ours: afterwards another daemon may write there.
  parts.heart.end(failure ? 'failed' : 'ended', failure?.message, parts.ending.isAgain());
  await services[Symbol.asyncDispose]();
};

/** How many messages of agents lie on all machines. */
const countSpooled = async ({ targets }: DaemonServices): Promise<number> => {
  const counts = await Promise.all(targets.map(({ files, paths }) => spooledIn(files, paths.spool)));
  return counts.reduce((sum, count) => sum + count, 0);
};

/** The way in which the daemon says a command itself. */
const sayAsDaemon =
  (run: ReturnType<typeof makeRequests>) =>
  (text: string, { yes = false } = {}): Promise<Reply> =>
    run({ v: 1, kind: 'run', id: '', text, yes, actor: 'daemon', view: { columns: 80, color: false } }, DAEMON);

/** Records what is read of agents beside what they send, as from that source. */
const recordFrom =
  (services: DaemonServices, source: 'register' | 'hook') =>
  (id: string, signal: Signal): Promise<void> =>
    recordSignal(services, id, signal, { source });

/** Says that the daemon has begun, and what the journal has lost before. */
const recordStart = ({ decide, store }: DaemonServices, version: string): Promise<unknown> =>
  decide(() => [{ type: 'daemon.started', data: { pid: process.pid, version } }, ...lossFacts(store.losses)]);

/** What is written before anybody is heard: that the daemon has begun, its audit, and what agents call it by. */
const openRecords = async (services: DaemonServices, version: string): Promise<Audit> => {
  const { log, now, paths, targets } = services;
  const [audit] = await Promise.all([
    openAudit({ folder: paths.audit, now, complain: log }),
    recordStart(services, version),
    ...targets.map(writeAgentTools),
  ]);
  return audit;
};

/** How it is found out who speaks, and what they may say. */
const recognition = (
  services: DaemonServices,
): Pick<Parameters<typeof openServer>[1], 'resolveSpeaker' | 'recognise'> => ({
  resolveSpeaker: makeResolveSpeaker(services),
  recognise: (speaker, name) => actorOf(services, speaker, { actor: name }),
});

/** What needs the services and nothing else to go on until the daemon ends. */
const plainWatches = (services: DaemonServices): readonly Service[] => [
  watchSecrets(services),
  watchLogTimes(services),
  watchOrphans(services),
  watchEndedSessions(services),
  watchJournal(services),
  watchLimits(services),
  watchDisk(services),
  watchMemory(services),
  watchBase(services),
  watchRefs(services),
  watchNetwork(services),
];

/** What is handed to whoever opened the daemon. */
const daemonWith = (ended: Daemon['ended'], { ask, isAgain }: Ending, heart: Heart): Daemon => ({
  ended,
  close: async () => {
    ask('closed');
    await ended;
  },
  isAgain,
  noteCrash: (why) => heart.end('failed', why),
});

/** Opens everything of one repository: the journal, the edges, the loops, and last the socket. */
export const openDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const { log, version, watched = false } = options;
  const [stop, cut] = [new AbortController(), new AbortController()];
  const ending = makeEnding(log, watched);
  const services = await openServices(options, { signal: stop.signal, cut: cut.signal, fail: ending.fail });
  try {
    const { paths, store } = services;
    await settlePlace(services);
    const audit = await openRecords(services, version);
    const ledgers = openLedgers(services);
    const meters = openMeters(services);
    const strangers = await watchStrangers(services);
    const { lastHeard, watches: first, briefs } = await takeUp(services, meters);
    const reactor = openReactor(services);
    const conflicts = watchConflicts(services);
    const heart = openHeart(services, { version, watched });
    const sharing = await openSharing(services, audit);
    // Who asks while the rest is opened is told of what is there by then.
    const reporting: Reflective[] = [reactor, ledgers, audit];
    let server: Server | undefined;
    const run = makeRequests(services, ledgers, {
      ...{ version, lives: heart.lives },
      shutDown: ending.askAfter,
      ...{ audit, sharing, resources: meters.uses, radar: conflicts.radar },
      traffic: async () => ({ doors: server?.traffic() ?? [], spooled: await countSpooled(services) }),
      health: () => reportHealth([...Object.values(reflectEdges(services)), ...reporting]),
    });
    const doors = doorsIn(paths, services.settings.communication.protocol);
    const opened = await openServer(doors, {
      ...{ store, run, note: makeNotes(services, audit), answered: ending.noteAnswered, log },
      ...recognition(services),
    }).catch(heart.fail);
    server = opened;
    await reachAgain(services);
    reactor.poke();
    const watches: readonly Service[] = [
      ...first,
      ...plainWatches(services),
      ...[heart, conflicts, sharing],
      watchSettings(services, () => {
        strangers.look();
        reactor.poke();
        meters.settingsChanged();
        opened.settingsChanged();
      }),
      watchAudit(services, audit),
      watchPlaces(services, opened, ending.fail),
      watchRegister(services, { lastHeard, record: recordFrom(services, 'register') }),
      watchRecords(services, { lastHeard, record: recordFrom(services, 'hook') }),
      watchPlans(services, sayAsDaemon(run)),
      ...watchWorktrees(services, sayAsDaemon(run)),
      ...meters.start(),
    ];
    reporting.push(opened, ...watches);
    const finish = async (): Promise<AppError | null> => {
      await opened.close(await ending.asked);
      stop.abort();
      const late = setTimeout(() => giveUp(cut, log), GRACE_MS);
      await putAway(services, { watches, briefs, reactor, ledgers, audit, heart, ending });
      clearTimeout(late);
      return ending.failure();
    };
    return daemonWith(finish(), ending, heart);
  } catch (error) {
    stop.abort();
    await services[Symbol.asyncDispose]();
    throw error;
  }
};
