import { setTimeout as pause } from 'node:timers/promises';
import type { Signal } from '../../agents/adapter.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import { isAlive } from '../../state/moves.ts';
import { joinRounds } from '../health/health-report.ts';
import { makeRounds, type Rounds, type Service } from '../health/service.ts';
import { makePhotographer } from '../logs/photograph.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { recordHangs, recordRevivals } from './hangs.ts';
import { recordIdleRuns } from './idle-runs.ts';
import { recordPaneChanges } from './pane-changes.ts';
import { makeScreenReader } from './read-screens.ts';
import { makeTmuxVisibility } from './tmux-visibility.ts';
import { type EndWatch, watchEnds } from './watch-ends.ts';
import { type OscWatch, watchOsc } from './watch-osc.ts';
import { watchOutput } from './watch-output.ts';
import type { LastHeard } from './watch-register.ts';

const LOOK_MS = 1000;
/** How soon it is asked again how a program ended, and how often in a row: after that once a second will do. */
const UNCLEAR_MS = 20;
const MOST_UNCLEAR = 25;

type Hearing = {
  /** Records what a screen shows, or what a program told its terminal. */
  readonly record: (instance: string, signal: Signal, origin: { source: 'screen' | 'terminal' }) => Promise<void>;
  readonly lastHeard: LastHeard;
};

/** When looks are so far apart, in milliseconds, the daemon was stopped or the machine asleep in between. */
const GAP_MS = 10_000;

/** Tells at each look since when none was missed; 0 where none ever was. */
export const makeVigil = (now: () => string): (() => number) => {
  let last = Number.POSITIVE_INFINITY;
  let since = 0;
  return () => {
    const at = Date.parse(now());
    if (at - last > GAP_MS) since = at;
    last = at;
    return since;
  };
};

/** One look at all panes of a machine, made again and again; `ring` asks for the next one soon. */
const makeLook = (
  services: DaemonServices,
  target: Target,
  hearing: Hearing & OscWatch & EndWatch,
  ring: () => void,
): (() => Promise<void>) => {
  const screens = makeScreenReader(services, target, hearing);
  const photograph = makePhotographer(services, target);
  const visibility = makeTmuxVisibility(services, target);
  const watchedSince = makeVigil(services.now);
  let unclearLooks = 0;

  const askTmux = async (wanted: readonly { readonly pane: string }[]) => {
    const asked = wanted.map(({ pane }) => pane);
    const seen = await target.tmux.look(`${target.paths.key}/`, asked).catch(async (error: unknown) => {
      if (!services.signal.aborted) await visibility.noteUnseen(messageOf(error));
      throw error;
    });
    await visibility.noteSeen();
    return seen;
  };

  return async () => {
    const before = services.store.state;
    const vigil = watchedSince();
    if (!instancesOn(target, before).some((one) => isAlive(one.state.kind))) return;
    const wanted = await screens.wanted();
    const seen = await askTmux(wanted);
    const unclear = await recordPaneChanges(services, target, seen.panes, {
      before,
      mayHaveEnded: hearing.mayHaveEnded,
    });
    unclearLooks = unclear ? unclearLooks + 1 : 0;
    if (unclear && unclearLooks <= MOST_UNCLEAR) setTimeout(ring, UNCLEAR_MS).unref();
    await recordHangs(services, target, vigil);
    await recordRevivals(services, target);
    await recordIdleRuns(services);
    // What a program drew before it ended says nothing any more.
    const dead = new Set(seen.panes.flatMap((pane) => (pane.dead ? [pane.pane] : [])));
    for (const one of wanted) {
      const screen = seen.screens.get(one.pane);
      if (screen !== undefined && !dead.has(one.pane)) await screens.read(one, screen);
    }
    await photograph(seen.panes);
  };
};

/** How the looks at a machine go. */
type MachineLooks = { readonly host: string; readonly rounds: Rounds };

/** The looks at all machines, side by side: one that cannot be asked holds up no other. */
const makeLooks = (
  services: DaemonServices,
  machines: readonly MachineLooks[],
  hearing: Hearing,
  ring: () => void,
): (() => Promise<void>) => {
  const works = (id: string): Promise<void> => hearing.record(id, { kind: 'working' }, { source: 'terminal' });
  const { restsSince } = watchOsc(services, { works, drawn: ring });
  const { mayHaveEnded } = watchEnds(services, ring);
  const heard = { ...hearing, restsSince, mayHaveEnded };
  const looks = services.targets.map((target) => makeLook(services, target, heard, ring));
  return async () => void (await Promise.all(machines.map(({ rounds }, at) => rounds.work(looks[at]!))));
};

type PaneWatch = {
  /** Looks now instead of at the next second; before `watch` nothing, because it begins with a look. */
  look(): void;
  isWatching(): boolean;
  /** Resolves after the first look: until then nobody knows what is still there. */
  readonly firstLook: Promise<void>;
  /** Looks once a second until the daemon ends. */
  watch(): Service;
};

/**
 * Looks at all panes of a machine together, by one call a second, whatever their number: hooks tell sooner, this is what makes sure.
 * Without an instance that could be there nothing is asked.
 */
export const openPaneWatch = (services: DaemonServices, hearing: Hearing): PaneWatch => {
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const ring = (): void => wake();
  const { promise: firstLook, resolve: hasLooked } = Promise.withResolvers<void>();
  let isWatching = false;

  const { log, signal } = services;
  const complaint = 'looking at the panes failed';
  const machines = services.targets.map(({ host }) => ({
    host,
    rounds: makeRounds({ complaint, everyMs: LOOK_MS, log, signal }),
  }));
  const lookOn = async (): Promise<void> => {
    isWatching = true;
    signal.addEventListener('abort', ring, { once: true });
    const look = makeLooks(services, machines, hearing, ring);
    watchOutput(services, ring);
    while (!signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      await look();
      hasLooked();
      await Promise.race([news, pause(LOOK_MS, undefined, { ref: false })]);
    }
  };

  const watch = (): Service => ({
    name: 'pane-watch',
    capabilities: ['see how programs end', 'read screens', 'find agents that hang'],
    health: () => joinRounds(machines),
    done: lookOn(),
  });
  return { look: ring, isWatching: () => isWatching, firstLook, watch };
};
